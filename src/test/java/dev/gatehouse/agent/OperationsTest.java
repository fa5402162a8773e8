package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Cause;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.agent.chat.Turn;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The operations beyond asking and looking, with the offline responder where it has something to
/// show.
final class OperationsTest {
  private static final String READER = RunningAgent.READER;
  private static final String EDITOR = RunningAgent.EDITOR;

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  private static String op(String type, String params) {
    return """
    {"type":"%s","params":{%s}}\
    """
        .formatted(type, params);
  }

  private static String in(String thread, String more) {
    return "\"thread_id\":\"" + thread + "\"" + more;
  }

  private JsonNode items(String thread) {
    return agent
        .lookup(READER, Asking.items(thread, ",\"order\":\"asc\",\"limit\":100"))
        .at("/data");
  }

  private String idOf(String thread, String type) {
    return items(thread).values().stream()
        .filter(item -> item.at("/type").stringValue().equals(type))
        .toList()
        .getLast()
        .at("/id")
        .stringValue();
  }

  @Test
  void threadIsRenamedByItsOwnerOnly() {
    String thread = agent.ask(READER, "Hi");
    String rename = op("threads.update", in(thread, ",\"title\":\" Anew \""));
    agent.post(EDITOR, rename).assertRefused(404);
    JsonNode renamed = agent.lookup(READER, rename);
    assertEquals("Anew", renamed.at("/title").stringValue());
    assertEquals(2, renamed.at("/items/data").size());
    assertEquals(renamed, agent.lookup(READER, Asking.byId(thread)));
  }

  @ParameterizedTest
  @ValueSource(strings = {",\"title\":\"\"", ",\"title\":\"  \"", ",\"title\":7", ""})
  void titleThatIsNoneIsTurnedAway(String title) {
    String thread = agent.ask(READER, "Hi");
    agent.post(READER, op("threads.update", in(thread, title))).assertRefused(400);
  }

  @Test
  void deletedThreadIsGoneAndNobodyElseDeletesIt() {
    String thread = agent.ask(READER, "Hi");
    String delete = op("threads.delete", in(thread, ""));
    agent.post(EDITOR, delete).assertRefused(404);
    assertEquals("{}", agent.lookup(READER, delete).toString());
    agent.post(READER, Asking.byId(thread)).assertRefused(404);
    agent.post(READER, delete).assertRefused(404);
    assertEquals(0, agent.lookup(READER, Asking.threads("")).at("/data").size());
  }

  @Test
  void feedbackIsForOwnVisibleItemsOnly() {
    String thread = agent.ask(READER, "Hi");
    String item = idOf(thread, "assistant_message");
    String rate =
        op(
            "items.feedback",
            in(thread, ",\"item_ids\":[\"%s\"],\"kind\":\"positive\"".formatted(item)));
    assertEquals("{}", agent.lookup(READER, rate).toString());
    agent.post(EDITOR, rate).assertRefused(404);
    agent.post(READER, rate.replace(item, "msg_none")).assertRefused(404);
    agent.post(READER, rate.replace("positive", "splendid")).assertRefused(400);
  }

  @Test
  void widgetIsAnItemThatActionsReachInBothWays() {
    List<JsonNode> events = agent.stream(READER, Asking.create("Show me a card"));
    String thread = events.getFirst().at("/thread/id").stringValue();
    JsonNode widget = events.get(events.size() - 2).at("/item");
    assertEquals("widget", widget.at("/type").stringValue());
    assertEquals("Card", widget.at("/widget/type").stringValue());
    String id = widget.at("/id").stringValue();

    String done =
        in(
            thread,
            ",\"item_id\":\"%s\",\"action\":{\"type\":\"demo.done\",\"payload\":{\"done\":true}}"
                .formatted(id));
    JsonNode updated =
        agent.lookup(READER, op("threads.sync_custom_action", done)).at("/updated_item");
    assertEquals(id, updated.at("/id").stringValue());
    assertTrue(updated.toString().contains("Not done after all"));
    assertEquals(updated, items(thread).get(2), "it stays so");
    agent.post(EDITOR, op("threads.sync_custom_action", done)).assertRefused(404);

    String more = done.replace("demo.done", "demo.more");
    List<JsonNode> answer = agent.stream(READER, op("threads.custom_action", more));
    assertEquals("stream_options", Asking.types(answer).getFirst());
    assertTrue(Asking.said(answer).contains("came from a button"));
    assertEquals("{}", agent.lookup(READER, op("threads.sync_custom_action", more)).toString());
  }

  @Test
  void actionOnWhatIsNoWidgetIsAnError() {
    String thread = agent.ask(READER, "Hi");
    String action =
        in(
            thread,
            ",\"item_id\":\"%s\",\"action\":{\"type\":\"a\"}"
                .formatted(idOf(thread, "user_message")));
    assertError(agent.stream(READER, op("threads.custom_action", action)));
    agent.post(READER, op("threads.sync_custom_action", action)).assertRefused(404);
  }

  @Test
  void actionWithoutAWidgetIsAnsweredToo() {
    String thread = agent.ask(READER, "Hi");
    String action = in(thread, ",\"action\":{\"type\":\"page.opened\",\"payload\":{\"n\":1}}");
    assertFalse(Asking.said(agent.stream(READER, op("threads.custom_action", action))).isEmpty());
  }

  @Test
  void clientToolCallWaitsForItsOutput() {
    List<JsonNode> asked = agent.stream(READER, Asking.create("What did I mark?"));
    String thread = asked.getFirst().at("/thread/id").stringValue();
    JsonNode call = asked.get(asked.size() - 2).at("/item");
    assertEquals("client_tool_call", call.at("/type").stringValue());
    assertEquals("pending", call.at("/status").stringValue());
    assertTrue(call.at("/call_id").isString());
    assertTrue(call.at("/arguments").isObject());
    assertFalse(call.has("output"));

    String output = op("threads.add_client_tool_output", in(thread, ",\"result\":\"This part\""));
    assertError(agent.stream(EDITOR, output));
    List<JsonNode> answer = agent.stream(READER, output);
    assertTrue(Asking.said(answer).contains("“This part”"));
    JsonNode kept = items(thread).get(2);
    assertEquals("completed", kept.at("/status").stringValue());
    assertEquals("This part", kept.at("/output").stringValue());
    assertError(agent.stream(READER, output));
  }

  @Test
  void messageInsteadOfAToolOutputDropsTheCall() {
    List<JsonNode> asked = agent.stream(READER, Asking.create("What did I mark?"));
    String thread = asked.getFirst().at("/thread/id").stringValue();
    String call = asked.get(asked.size() - 2).at("/item/id").stringValue();
    List<JsonNode> events = agent.stream(READER, Asking.add(thread, "Never mind"));
    assertEquals("thread.item.removed", events.getFirst().at("/type").stringValue());
    assertEquals(call, events.getFirst().at("/item_id").stringValue());
    assertFalse(items(thread).toString().contains(call));
  }

  @Test
  void formIsFilledInOnce() {
    List<JsonNode> asked = agent.stream(READER, Asking.create("Give me a form"));
    String thread = asked.getFirst().at("/thread/id").stringValue();
    String form = idOf(thread, "structured_input");
    String answers =
        """
        ,"item_id":"%s","input":{"status":"answered","answers":{"protocol":{"values":["MCP"]}}}\
        """
            .formatted(form);
    String submit = op("threads.add_structured_input", in(thread, answers));
    assertError(agent.stream(READER, submit.replace("\"protocol\"", "\"other\"")));
    List<JsonNode> events = agent.stream(READER, submit);
    assertEquals(
        List.of("stream_options", "thread.item.replaced"), Asking.types(events).subList(0, 2));
    assertEquals("answered", events.get(1).at("/item/status").stringValue());
    assertEquals(
        """
        {"skipped":false,"values":["MCP"]}\
        """,
        events.get(1).at("/item/inputs/0/answer").toString());
    assertTrue(Asking.said(events).contains("“MCP”"));
    assertError(agent.stream(READER, submit));
  }

  @Test
  void formThatIsSkippedIsAnsweredToo() {
    List<JsonNode> asked = agent.stream(READER, Asking.create("Give me a form"));
    String thread = asked.getFirst().at("/thread/id").stringValue();
    String skip =
        ",\"item_id\":\"%s\",\"input\":{\"status\":\"skipped\",\"answers\":{}}"
            .formatted(idOf(thread, "structured_input"));
    List<JsonNode> events =
        agent.stream(READER, op("threads.add_structured_input", in(thread, skip)));
    assertEquals("skipped", events.get(1).at("/item/status").stringValue());
  }

  @Test
  void closedThreadTakesNothingMore() {
    List<JsonNode> events = agent.stream(READER, Asking.create("Close this conversation"));
    String thread = events.getFirst().at("/thread/id").stringValue();
    JsonNode updated = events.getLast().at("/thread/status");
    assertEquals("closed", updated.at("/type").stringValue());
    assertEquals(updated, agent.lookup(READER, Asking.byId(thread)).at("/status"), "it stays so");
    JsonNode before = items(thread);
    List<JsonNode> refused = agent.stream(READER, Asking.add(thread, "One more thing"));
    assertError(refused);
    assertEquals(
        updated.at("/reason").stringValue(), refused.getFirst().at("/message").stringValue());
    assertError(agent.stream(READER, Asking.retry(thread, before.at("/0/id").stringValue())));
    assertEquals(before, items(thread));
    agent
        .post(
            READER,
            op("threads.sync_custom_action", in(thread, ",\"action\":{\"type\":\"demo.done\"}")))
        .assertRefused(400);
    agent.lookup(READER, op("threads.update", in(thread, ",\"title\":\"Still mine\"")));
  }

  @Test
  void effectsAndNoticesAreToldAndNotKept() {
    List<JsonNode> effect = agent.stream(READER, Asking.create("Highlight something"));
    JsonNode told =
        effect.stream()
            .filter(event -> event.at("/type").stringValue().equals("client_effect"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        """
        {"type":"client_effect","name":"highlight","data":{}}\
        """,
        told.toString());
    List<JsonNode> notice = agent.stream(READER, Asking.create("Show a notice"));
    JsonNode shown =
        notice.stream()
            .filter(event -> event.at("/type").stringValue().equals("notice"))
            .findFirst()
            .orElseThrow();
    assertEquals("warning", shown.at("/level").stringValue());
    String thread = notice.getFirst().at("/thread/id").stringValue();
    assertEquals(2, items(thread).size());
  }

  @Test
  void dictationNeedsATranscriber() {
    String dictation =
        op(
            "input.transcribe",
            "\"audio_base64\":\"AAEC\",\"mime_type\":\"audio/webm;codecs=opus\"");
    agent.post(READER, dictation).assertRefused(400);
    agent.post(READER, dictation.replace("AAEC", "*")).assertRefused(400);
    try (RunningAgent hearing =
        RunningAgent.hearing((audio, type) -> type + " of " + audio.length)) {
      assertEquals("audio/webm of 3", hearing.lookup(READER, dictation).at("/text").stringValue());
    }
    try (RunningAgent deaf =
        RunningAgent.hearing((audio, type) -> {
          throw new IOException("canary");
        })) {
      RunningAgent.Answer answer = deaf.post(READER, dictation);
      answer.assertRefused(502);
      assertFalse(answer.body().contains("canary"));
    }
  }

  @Test
  void workIsATaskFromItsBeginningToItsEnd() {
    Responder busy =
        (turn, reply) -> {
          reply.say("First ");
          Reply.Work work = reply.work("wrench", "Look it up");
          work.done("Found.");
          reply.say("then.");
        };
    try (RunningAgent working = RunningAgent.with(busy)) {
      List<JsonNode> events = working.stream(READER, Asking.create("Go"));
      assertEquals(
          List.of(
              "thread.created",
              "thread.item.done",
              "stream_options",
              "thread.item.added",
              "…added",
              "…text_delta",
              "…done",
              "thread.item.done",
              "thread.item.added",
              "thread.item.done",
              "thread.item.added",
              "…added",
              "…text_delta",
              "…done",
              "thread.item.done",
              "thread.updated"),
          Asking.types(events));
      assertEquals(
          """
          {"type":"custom","title":"Look it up","icon":"wrench","content":"",\
          "status_indicator":"loading"}\
          """,
          events.get(8).at("/item/task").toString());
      assertEquals(
          """
          {"type":"custom","title":"Look it up","icon":"wrench","content":"Found.",\
          "status_indicator":"complete"}\
          """,
          events.get(9).at("/item/task").toString());
      assertEquals(events.get(8).at("/item/id"), events.get(9).at("/item/id"));
    }
  }

  @Test
  void workThatFailsInTheMiddleIsNotLeftSpinning() {
    Responder failing =
        (turn, reply) -> {
          reply.work("wrench", "Look it up");
          throw new IOException("canary");
        };
    try (RunningAgent working = RunningAgent.with(failing)) {
      List<JsonNode> events = working.stream(READER, Asking.create("Go"));
      String thread = events.getFirst().at("/thread/id").stringValue();
      JsonNode kept =
          working.lookup(READER, Asking.items(thread, "")).at("/data/0/task/status_indicator");
      assertEquals("complete", kept.stringValue());
    }
  }

  @Test
  void responderSeesTheThreadOldestFirstAndTheQuestionOnce() {
    StringBuilder seen = new StringBuilder();
    Responder looking =
        (turn, reply) -> {
          seen.append(turn.earlier().size()).append(question(turn)).append(';');
          reply.say("said");
        };
    try (RunningAgent working = RunningAgent.with(looking)) {
      String thread = working.ask(READER, "one");
      working.stream(READER, Asking.add(thread, "two"));
      working.stream(READER, Asking.add(thread, "three"));
      String last = working.lookup(READER, Asking.items(thread, "")).at("/data/1/id").stringValue();
      working.stream(READER, Asking.retry(thread, last));
      assertEquals("0one;2two;4three;4three;", seen.toString());
    }
  }

  private static String question(Turn turn) {
    return turn.cause() instanceof Cause.Asked asked ? asked.message().input().text() : "?";
  }

  @Test
  void responderLocksAndRenames() {
    Responder locking =
        (turn, reply) -> {
          reply.title("Named by the agent");
          reply.status(ThreadStatus.locked("A person takes over."));
        };
    try (RunningAgent working = RunningAgent.with(locking)) {
      List<JsonNode> events = working.stream(READER, Asking.create("Hi"));
      JsonNode thread = events.getLast().at("/thread");
      assertEquals("Named by the agent", thread.at("/title").stringValue());
      assertEquals("locked", thread.at("/status/type").stringValue());
      assertError(
          working.stream(READER, Asking.add(thread.at("/id").stringValue(), "Still there?")));
    }
  }

  @Test
  void threadThatIsDeletedInTheMiddleOfATurnStaysDeleted() {
    RunningAgent[] itself = new RunningAgent[1];
    Responder late =
        (turn, reply) -> {
          reply.say("half ");
          itself[0].lookup(READER, op("threads.delete", in(turn.thread().id(), "")));
          reply.title("Too late");
          reply.say("whole");
        };
    try (RunningAgent working = RunningAgent.with(late)) {
      itself[0] = working;
      List<JsonNode> events = working.stream(READER, Asking.create("Hi"));
      String thread = events.getFirst().at("/thread/id").stringValue();
      working.post(READER, Asking.byId(thread)).assertRefused(404);
      assertEquals(0, working.lookup(READER, Asking.threads("")).at("/data").size());
    }
  }

  @Test
  void redrawnWidgetIsReplacedAndKept() {
    Responder drawing =
        (turn, reply) -> {
          var widget =
              reply.widget(
                  JsonNodeFactory.instance.objectNode().put("type", "Card"), Optional.empty());
          reply.redraw(
              widget.showing(
                  JsonNodeFactory.instance.objectNode().put("type", "Card").put("size", "lg")));
        };
    try (RunningAgent working = RunningAgent.with(drawing)) {
      List<JsonNode> events = working.stream(READER, Asking.create("Draw"));
      assertTrue(Asking.types(events).contains("thread.item.replaced"));
      String thread = events.getFirst().at("/thread/id").stringValue();
      assertEquals(
          "lg",
          working.lookup(READER, Asking.items(thread, "")).at("/data/0/widget/size").stringValue());
    }
  }

  private static void assertError(List<JsonNode> events) {
    assertEquals(List.of("error"), Asking.types(events));
    assertFalse(events.getFirst().at("/allow_retry").booleanValue());
  }
}
