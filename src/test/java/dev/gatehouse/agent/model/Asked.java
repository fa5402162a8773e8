package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.PageContext;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Turn;
import dev.gatehouse.agent.chat.Uploads;
import dev.gatehouse.agent.chat.UserInput;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns as a thread would make them.
record Asked(Turn turn) {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
  private static final Person ADA = new Person("u-1", Optional.of("Ada"));
  private static final ChatThread THREAD = ChatThread.begun("thr_1", "u-1", AT);

  /// A question of Ada, who looks at no page and has no tools.
  static Asked question(String text) {
    return because(new Cause.Asked(message("msg_now", text)));
  }

  static Asked because(Cause cause) {
    return new Asked(
        new Turn(
            ADA,
            THREAD,
            List.of(),
            cause,
            PageContext.NONE,
            Locale.ENGLISH,
            Toolbox.NONE,
            new NoUploads()));
  }

  Asked after(Item... earlier) {
    return new Asked(
        new Turn(
            turn.person(),
            turn.thread(),
            List.of(earlier),
            turn.cause(),
            turn.page(),
            turn.locale(),
            turn.tools(),
            turn.uploads()));
  }

  Asked on(PageContext page) {
    return new Asked(
        new Turn(
            turn.person(),
            turn.thread(),
            turn.earlier(),
            turn.cause(),
            page,
            turn.locale(),
            turn.tools(),
            turn.uploads()));
  }

  Asked with(Toolbox tools) {
    return new Asked(
        new Turn(
            turn.person(),
            turn.thread(),
            turn.earlier(),
            turn.cause(),
            turn.page(),
            turn.locale(),
            tools,
            turn.uploads()));
  }

  Asked with(Uploads uploads) {
    return new Asked(
        new Turn(
            turn.person(),
            turn.thread(),
            turn.earlier(),
            turn.cause(),
            turn.page(),
            turn.locale(),
            turn.tools(),
            uploads));
  }

  /// Has it answered.
  RecordedReply by(ModelSettings settings) throws IOException {
    RecordedReply reply = new RecordedReply();
    try (ModelResponder responder = ModelResponder.to(settings)) {
      responder.respond(turn, reply);
    }
    return reply;
  }

  static Item.UserMessage message(String id, String text, Attachment... files) {
    return new Item.UserMessage(
        id,
        "thr_1",
        AT,
        new UserInput(
            List.of(new UserInput.Text(text)),
            Optional.empty(),
            JsonNodeFactory.instance.objectNode()),
        List.of(files));
  }

  static Item.AssistantMessage answer(String text) {
    return new Item.AssistantMessage("msg_" + text.hashCode(), "thr_1", AT, text);
  }

  static Item.HiddenContext note(String text) {
    return new Item.HiddenContext("itm_note", "thr_1", AT, text);
  }

  static Item.Task task(String title, String content) {
    return new Item.Task("itm_task", "thr_1", AT, "bolt", title, content, Item.Progress.COMPLETE);
  }

  static Item.ClientToolCall pageTool(String name, String arguments, String output) {
    return new Item.ClientToolCall(
        "tc_1", "thr_1", AT, "tc_2", name, object(arguments), Optional.of(json(output)));
  }

  static Item.StructuredInput form(String inputs) {
    return new Item.StructuredInput(
        "itm_form",
        "thr_1",
        AT,
        Item.FormStatus.ANSWERED,
        (tools.jackson.databind.node.ArrayNode) json(inputs));
  }

  static Item.Widget widget(String root) {
    return new Item.Widget("itm_widget", "thr_1", AT, object(root), Optional.empty());
  }

  static Attachment file(String name, String type, long size) {
    return new Attachment("atc_" + name, "u-1", name, type, size, AT);
  }

  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  static ObjectNode object(String text) {
    return (ObjectNode) json(text);
  }

  /// Nothing was uploaded.
  static class NoUploads implements Uploads {
    @Override
    public Attachment expect(Person owner, String name, long size, String mimeType) {
      throw new AssertionError("a responder expects no files");
    }

    @Override
    public URI destination(Attachment attachment) {
      throw new AssertionError("a responder gives no addresses");
    }

    @Override
    public URI preview(Attachment attachment) {
      throw new AssertionError("a responder gives no addresses");
    }

    @Override
    public void discard(String attachmentId) {
      throw new AssertionError("a responder deletes no files");
    }

    @Override
    public boolean isThere(Attachment attachment) {
      return false;
    }

    @Override
    public InputStream open(Attachment attachment) throws IOException {
      throw new IOException("not there");
    }

    @Override
    public boolean delete(Person owner, String attachmentId) {
      throw new AssertionError("a responder deletes nothing");
    }
  }
}
