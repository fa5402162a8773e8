package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.Turn;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What comes a second time, because something failed the first time.
@Timeout(60)
final class AskedAgainTest {
  private static final String READER = RunningAgent.READER;

  /// What the responder does, turn by turn.
  private final Queue<Responder> turns = new ArrayDeque<>();

  private final List<List<Item>> earlier = new ArrayList<>();

  private RunningAgent started(Responder... answers) {
    turns.addAll(List.of(answers));
    return RunningAgent.with((turn, reply) -> {
      earlier.add(turn.earlier());
      turns.remove().respond(turn, reply);
    });
  }

  private static Responder saying(String text) {
    return (turn, reply) -> reply.say(text);
  }

  private static Responder failingAfter(String text) {
    return (turn, reply) -> {
      reply.say(text);
      throw new IOException("unplugged");
    };
  }

  private static Responder waitingAfter(String progress) {
    return (turn, reply) -> {
      reply.progress("sparkle", progress);
      reply.rest(Duration.ofMinutes(1));
    };
  }

  private static JsonNode items(RunningAgent agent, String thread) {
    return agent.lookup(READER, Asking.byId(thread)).at("/items/data");
  }

  @Test
  void questionThatCannotChangeAllItHasToIsNotKeptAtAll() throws Exception {
    Responder calling =
        (turn, reply) -> reply.callPage("zoom", JsonNodeFactory.instance.objectNode());
    try (RunningAgent agent = started(calling, saying("never mind"))) {
      String thread = agent.ask(READER, "Zoom");
      JsonNode before = items(agent, thread);
      execute(
          agent,
          "CREATE TRIGGER refuse BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'not now'); END");
      List<JsonNode> refused = agent.stream(READER, Asking.add(thread, "Or not"));
      assertEquals(List.of("error"), Asking.types(refused));
      assertTrue(refused.getFirst().at("/allow_retry").booleanValue());
      assertEquals(before, items(agent, thread));
      execute(agent, "DROP TRIGGER refuse");
      List<JsonNode> events = agent.stream(READER, Asking.add(thread, "Or not"));
      assertEquals(
          List.of("thread.item.removed", "thread.item.done", "stream_options"),
          Asking.types(events).subList(0, 3));
      assertEquals(3, items(agent, thread).size());
    }
  }

  private static void execute(RunningAgent agent, String sql) throws Exception {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + agent.data.resolve("agent.db"));
        Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void formIsTakenAgainUntilItIsAnswered() throws Exception {
    try (RunningAgent agent =
        started(
            AskedAgainTest::askForm,
            failingAfter(""),
            waitingAfter("thinking"),
            AskedAgainTest::repeatForm)) {
      String thread = agent.ask(READER, "A form, please");
      String form = items(agent, thread).at("/1/id").stringValue();
      String submit = submit(thread, form, "red");
      assertFailed(agent.stream(READER, submit));
      assertRefused(agent.stream(READER, submit(thread, form, "blue")));
      assertRefused(agent.stream(READER, submit.replace("answered", "skipped")));
      assertRefused(agent.stream(READER, submit.replaceFirst("\"q1\":\\{.*?]}", "")));
      stop(agent, submit, "thinking");
      List<JsonNode> events = agent.stream(READER, submit);
      assertEquals(
          List.of("stream_options", "thread.item.replaced"), Asking.types(events).subList(0, 2));
      assertEquals("You said [\"red\"]", Asking.said(events));
      assertRefused(agent.stream(READER, submit));
      assertEquals(3, items(agent, thread).size());
    }
  }

  private static void askForm(Turn turn, Reply reply) throws IOException {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("id", "q1").put("type", "text").put("question", "Which?");
    reply.ask(JsonNodeFactory.instance.arrayNode().add(question));
  }

  private static void repeatForm(Turn turn, Reply reply) throws IOException {
    if (turn.cause() instanceof Cause.FormSent(Item.StructuredInput form)) {
      reply.say("You said " + form.inputs().at("/0/answer/values"));
    }
  }

  private static String submit(String thread, String form, String colour) {
    return """
    {"type":"threads.add_structured_input","params":{"thread_id":"%s","item_id":"%s",\
    "input":{"status":"answered","answers":{"q1":{"values":["%s"]}}}}}\
    """
        .formatted(thread, form, colour);
  }

  @Test
  void toolOutputIsTakenAgainUntilItIsAnswered() throws Exception {
    Responder calling =
        (turn, reply) -> reply.callPage("zoom", JsonNodeFactory.instance.objectNode());
    try (RunningAgent agent =
        started(calling, failingAfter(""), waitingAfter("thinking"), saying("zoomed"))) {
      String thread = agent.ask(READER, "Zoom");
      String output =
          """
          {"type":"threads.add_client_tool_output","params":{"thread_id":"%s","result":"done"}}\
          """
              .formatted(thread);
      assertFailed(agent.stream(READER, output));
      stop(agent, output, "thinking");
      assertEquals("zoomed", Asking.said(agent.stream(READER, output)));
      assertRefused(agent.stream(READER, output));
      assertEquals("done", items(agent, thread).at("/1/output").stringValue());
      assertEquals(3, items(agent, thread).size());
    }
  }

  @Test
  void oldAnswerStaysUntilThereIsAnother() throws Exception {
    try (RunningAgent agent =
        started(
            saying("old"),
            saying("later"),
            failingAfter(""),
            waitingAfter("thinking"),
            failingAfter("half"),
            Stored.silent())) {
      String thread = agent.ask(READER, "one");
      agent.stream(READER, Asking.add(thread, "two"));
      JsonNode before = items(agent, thread);
      String retry = Asking.retry(thread, before.at("/0/id").stringValue());
      assertFailed(agent.stream(READER, retry));
      assertEquals(before, items(agent, thread));
      stop(agent, retry, "thinking");
      assertFailed(agent.stream(READER, retry));
      assertEquals(before, items(agent, thread), "half an answer is not worth a whole one");
      assertEquals(List.of("stream_options"), Asking.types(agent.stream(READER, retry)));
      assertEquals(List.of("one"), items(agent, thread).findValuesAsString("text"));
      assertEquals(2, earlier.get(1).size());
      earlier.remove(1);
      assertTrue(earlier.stream().allMatch(List::isEmpty), "the history ends before the question");
    }
  }

  @Test
  void tasksDoNotTakeThePlaceOfAnOldAnswer() throws Exception {
    Responder working =
        (turn, reply) -> {
          reply.work("bolt", "Looking").done("nothing there");
          throw new IOException("unplugged");
        };
    Responder better =
        (turn, reply) -> {
          reply.work("bolt", "Looking").done("found it");
          reply.say("new");
        };
    try (RunningAgent agent = started(saying("old"), saying("later"), working, better)) {
      String thread = agent.ask(READER, "one");
      agent.stream(READER, Asking.add(thread, "two"));
      JsonNode before = items(agent, thread);
      String retry = Asking.retry(thread, before.at("/0/id").stringValue());
      assertFailed(agent.stream(READER, retry));
      assertEquals(
          List.of("one", "old", "two", "later"), items(agent, thread).findValuesAsString("text"));
      assertEquals("new", Asking.said(agent.stream(READER, retry)));
      JsonNode after = items(agent, thread);
      assertEquals(3, after.size(), after::toString);
      assertEquals(List.of("one", "new"), after.findValuesAsString("text"));
      assertEquals("found it", after.at("/1/task/content").asString(), after::toString);
    }
  }

  /// Leaves once the responder has begun, and waits until the turn is over.
  private static void stop(RunningAgent agent, String body, String seen) throws IOException {
    String thread = body.replaceFirst("(?s).*\"thread_id\":\"(\\w+)\".*", "$1");
    JsonNode before = items(agent, thread);
    Call call = agent.http.newCall(agent.chatKit(READER, body));
    try (Response response = call.execute()) {
      BufferedSource source = response.body().source();
      String line = source.readUtf8LineStrict();
      while (!line.contains(seen)) {
        line = source.readUtf8LineStrict();
      }
      call.cancel();
    }
    // Whatever comes next in this thread comes after it.
    assertRefused(agent.stream(READER, Asking.retry(thread, "msg_none")));
    assertEquals(before, items(agent, thread));
  }

  private static void assertFailed(List<JsonNode> events) {
    assertEquals("error", events.getLast().at("/type").stringValue());
    assertTrue(events.getLast().at("/allow_retry").booleanValue());
  }

  private static void assertRefused(List<JsonNode> events) {
    assertEquals(List.of("error"), Asking.types(events));
    assertFalse(events.getFirst().at("/allow_retry").booleanValue());
  }
}
