package dev.gatehouse.agent.offline;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Json;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.PlainText;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers without a model, the same every time, at the pace of somebody who types fast.
public final class OfflineResponder implements Responder {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<=\\s)(?=\\S)");
  private static final Pattern WORD_END = Pattern.compile("[_-]");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int QUOTE_LENGTH = 200;
  private static final int MOST_LINES = 30;

  /// Long enough for a person to see that something is being done.
  private static final int WORDS_OF_THOUGHT = 15;

  private final Duration pace;

  /// @param pace the pause between two words
  public OfflineResponder(Duration pace) {
    this.pace = pace;
  }

  @Override
  public void respond(Turn turn, Reply reply) throws IOException {
    switch (turn.cause()) {
      case Cause.Asked(Item.UserMessage message) -> answer(turn, message, reply);
      case Cause.ToolAnswered(Item.ClientToolCall call) ->
          say("The page says: “" + quoted(call.output().orElseThrow()) + "”", reply);
      case Cause.FormSent(Item.StructuredInput form) -> say(thanks(form), reply);
      case Cause.Acted acted -> acted(acted, reply);
    }
  }

  @Override
  public Optional<ObjectNode> actAtOnce(Person person, Cause.Acted action) {
    return action.type().equals(Widgets.DONE)
        ? Optional.of(Widgets.card(action.payload().path("done").asBoolean(false)))
        : Optional.empty();
  }

  private void answer(Turn turn, Item.UserMessage message, Reply reply) throws IOException {
    Optional<Show> show = Show.of(message.input().text());
    if (!message.attachments().isEmpty()) {
      say(received(message.attachments()), reply);
    } else if (show.isPresent()) {
      show(show.get(), turn, message, reply);
    } else {
      OfflineAnswer answer = OfflineAnswer.to(turn, message);
      think(answer.progress(), reply);
      say(answer.text(), reply);
    }
  }

  private void show(Show what, Turn turn, Item.UserMessage message, Reply reply)
      throws IOException {
    switch (what) {
      case CARD -> {
        say("Here is a card. Each button goes another way.", reply);
        reply.widget(Widgets.card(false), Optional.of("Read the introduction"));
      }
      case LIST -> {
        say("Here is a list. Pick something.", reply);
        reply.widget(Widgets.list(List.of("Cookies", "Streams", "Protocols")), Optional.empty());
      }
      case FORM -> {
        say("Two questions, then.", reply);
        reply.ask(Widgets.form());
      }
      case PAGE_TOOL -> {
        say("I am asking the page what you marked.", reply);
        reply.callPage("page_selection", Json.object());
      }
      case EFFECT -> {
        reply.effect("highlight", Json.object());
        say("Look at the page: its heading was just marked.", reply);
      }
      case NOTICE -> {
        reply.notice(Reply.Level.WARNING, "A notice", "It stands beside the conversation.");
        say("A notice is not part of the conversation and is not kept.", reply);
      }
      case CLOSE -> {
        say("Good-bye.", reply);
        reply.status(ThreadStatus.closed("You asked to close this conversation."));
      }
      case TOOL -> tool(turn.tools(), message.input().text(), reply);
    }
  }

  /// Calls the tool that the question sounds most like.
  private void tool(Toolbox tools, String question, Reply reply) throws IOException {
    think("Looking for tools…", reply);
    Toolbox.Inventory inventory = tools.inventory();
    for (String problem : inventory.problems()) {
      reply.notice(Reply.Level.WARNING, "A tool server is missing", problem);
    }
    Optional<Toolbox.Tool> likest = likest(question, inventory.tools());
    if (likest.isEmpty()) {
      say(listed(inventory.tools()), reply);
      return;
    }
    Toolbox.Tool tool = likest.get();
    ObjectNode arguments = Json.object();
    JsonNode wanted = tool.inputSchema().path("required").path(0);
    NUMBER
        .matcher(question)
        .results()
        .findFirst()
        .filter(_ -> wanted.isString())
        .ifPresent(number -> arguments.put(wanted.stringValue(), number.group()));
    Reply.Work work = reply.work("wrench", tool.title());
    Toolbox.Outcome outcome = tools.call(tool.name(), arguments);
    String text = plain(outcome.text());
    work.done(text);
    say(
        outcome.failed()
            ? "That did not work: " + text
            : "I asked in your name, and this is what came back:\n\n" + text,
        reply);
  }

  /// The tool with most words of its name in the question, if it has any.
  private static Optional<Toolbox.Tool> likest(String question, List<Toolbox.Tool> tools) {
    String lower = question.toLowerCase(Locale.ROOT);
    return tools.stream()
        .max(Comparator.comparingLong(tool -> likeness(tool, lower)))
        .filter(tool -> likeness(tool, lower) > 0);
  }

  private static long likeness(Toolbox.Tool tool, String question) {
    return WORD_END.splitAsStream(tool.name()).filter(question::contains).count();
  }

  /// A tool's text may have links and pictures of anybody in it.
  private static String plain(String text) {
    return text.lines()
        .limit(MOST_LINES)
        .map(line -> PlainText.of(line, QUOTE_LENGTH))
        .collect(Collectors.joining("\n"));
  }

  private static String listed(List<Toolbox.Tool> tools) {
    return tools.isEmpty()
        ? "I have no tools here."
        : tools.stream()
            .map(tool -> "- " + PlainText.of(tool.title(), QUOTE_LENGTH))
            .collect(Collectors.joining("\n", "I can use these tools:\n\n", ""));
  }

  private void acted(Cause.Acted acted, Reply reply) throws IOException {
    JsonNode about = acted.payload().path("about");
    say(
        about.isString()
            ? "You picked “" + PlainText.of(about.stringValue(), QUOTE_LENGTH) + "”."
            : "This came from a button: its action went to me, and my answer is a stream like any"
                + " other.",
        reply);
  }

  private static String received(List<Attachment> attachments) {
    return attachments.stream()
        .map(it -> "- “" + PlainText.of(it.name(), QUOTE_LENGTH) + "”, " + it.size() + " bytes")
        .collect(Collectors.joining("\n", "I received:\n\n", ""));
  }

  private static String thanks(Item.StructuredInput form) {
    if (form.status() == Item.FormStatus.SKIPPED) {
      return "Then not.";
    }
    return form.inputs().values().stream()
        .map(input ->
            "- "
                + input.path("question").asString("")
                + " “"
                + quoted(input.at("/answer/values"))
                + "”")
        .collect(Collectors.joining("\n", "Thank you. You said:\n\n", ""));
  }

  private static String quoted(JsonNode value) {
    String text =
        value.isArray()
            ? value.values().stream().map(it -> it.asString("")).collect(Collectors.joining(", "))
            : value.isString() ? value.stringValue() : value.toString();
    return PlainText.of(text, QUOTE_LENGTH);
  }

  private void think(String about, Reply reply) throws IOException {
    reply.progress("sparkle", about);
    reply.rest(pace.multipliedBy(WORDS_OF_THOUGHT));
  }

  private void say(String text, Reply reply) throws IOException {
    for (String word : BETWEEN_WORDS.splitAsStream(text).toList()) {
      reply.rest(pace);
      reply.say(word);
    }
  }
}
