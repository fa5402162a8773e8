package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.PlainText;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Toolbox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Lets a model call tools and go on with what came of it, until it has nothing more to call.
final class Rounds {
  private static final int MOST = 8;
  private static final int MOST_CHARACTERS_OF_A_RESULT = 64 * 1024;
  private static final int LINE = 300;
  private static final String ICON = "bolt";

  private final Endpoint endpoint;
  private final Toolbox tools;
  private final Toolbox.Inventory inventory;
  private final Reply reply;

  Rounds(Endpoint endpoint, Toolbox tools, Toolbox.Inventory inventory, Reply reply) {
    this.endpoint = endpoint;
    this.tools = tools;
    this.inventory = inventory;
    this.reply = reply;
  }

  void run(Prompt first) throws IOException {
    mention(inventory.problems());
    Prompt prompt = first;
    boolean said = false;
    for (int round = 1; round <= MOST; round++) {
      reply.progress("sparkle", "Thinking");
      Answer answer = endpoint.ask(prompt, reply);
      said |= !answer.text().isBlank();
      List<ToolCall> calls = answer.calls();
      if (calls.isEmpty()) {
        end(answer, said);
        return;
      }
      if (round < MOST) {
        prompt = prompt.with(entries(answer.text(), calls));
      }
    }
    reply.pause();
    reply.say("I stopped here: after " + MOST + " rounds of tool calls there was still no answer.");
  }

  private void end(Answer answer, boolean said) throws ClientLeft, ModelFailure {
    if (answer.shortfall().isPresent()) {
      reply.notice(Reply.Level.WARNING, "The answer is incomplete", answer.shortfall().get());
    } else if (!said) {
      throw new ModelFailure("it said nothing");
    }
  }

  /// A server without its tools explains an answer without them.
  private void mention(List<String> problems) throws ClientLeft {
    for (String problem : problems) {
      reply.work(ICON, "Tools that are missing").done(PlainText.of(problem, LINE));
    }
  }

  private List<Entry> entries(String text, List<ToolCall> calls) throws ClientLeft {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry.Assistant(text, calls));
    for (ToolCall call : calls) {
      entries.add(new Entry.Result(call.id(), result(call)));
    }
    return entries;
  }

  private String result(ToolCall call) throws ClientLeft {
    Reply.Work work = reply.work(ICON, title(call.name()));
    Toolbox.Outcome outcome =
        call.arguments()
            .map(arguments -> tools.call(call.name(), arguments))
            .orElseGet(() -> new Toolbox.Outcome(true, "The arguments are not a JSON object."));
    String text = outcome.failed() ? "Failed: " + outcome.text() : outcome.text();
    // Made plain, because a tool's text may have links and pictures of anybody in it.
    work.done(PlainText.of(text, LINE));
    return text.length() <= MOST_CHARACTERS_OF_A_RESULT
        ? text
        : text.substring(0, MOST_CHARACTERS_OF_A_RESULT) + "… (cut off)";
  }

  private String title(String name) {
    return inventory.tools().stream()
        .filter(tool -> tool.name().equals(name))
        .map(Toolbox.Tool::title)
        .map(title -> PlainText.of(title, LINE))
        .filter(title -> !title.isEmpty())
        .findFirst()
        .orElseGet(() -> PlainText.of(name, LINE));
  }
}
