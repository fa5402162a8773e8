package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class StreamTest {
  private static final String READER = RunningAgent.READER;
  private static final String EDITOR = RunningAgent.EDITOR;

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void newThreadStreamsItsEventsInChatKitsOrder() {
    List<String> types = Asking.types(agent.stream(READER, Asking.create("What is Gatehouse?")));
    List<String> once = types.stream().distinct().toList();
    assertEquals(
        List.of(
            "thread.created",
            "thread.item.done",
            "stream_options",
            "progress_update",
            "thread.item.added",
            "…added",
            "…text_delta",
            "…done",
            "thread.updated"),
        once);
    List<String> tail = types.subList(types.lastIndexOf("…text_delta") + 1, types.size());
    assertEquals(List.of("…done", "thread.item.done", "thread.updated"), tail);
    long deltas = types.stream().filter("…text_delta"::equals).count();
    assertEquals(types.indexOf("…text_delta") + deltas - 1, types.lastIndexOf("…text_delta"));
    assertTrue(deltas > 10, "word by word");
  }

  @Test
  void messageInAnExistingThreadStreamsNoThreadEvents() {
    String thread = agent.ask(READER, "What is Gatehouse?");
    List<String> types = Asking.types(agent.stream(READER, Asking.add(thread, "And my cookie?")));
    assertEquals(
        List.of("thread.item.done", "stream_options", "progress_update", "thread.item.added"),
        types.subList(0, 4));
    assertEquals("thread.item.done", types.getLast());
    assertFalse(types.contains("thread.created"));
    assertFalse(types.contains("thread.updated"));
  }

  @Test
  void everyFrameIsOneDataLineAndABlankLine() {
    RunningAgent.Answer answer = agent.post(READER, Asking.create("line one\nline two"));
    assertEquals("text/event-stream", answer.header("Content-Type"));
    assertEquals("no-cache", answer.header("Cache-Control"));
    String[] frames = answer.body().split("\n\n", -1);
    assertEquals("", frames[frames.length - 1], "a clean end after the last frame");
    Stream.of(frames)
        .limit(frames.length - 1)
        .forEach(frame -> assertTrue(frame.matches("data: \\{[^\\r\\n]*\\}"), frame));
  }

  @Test
  void everyEventHasChatKitsMembers() {
    List<JsonNode> events = agent.stream(READER, Asking.create("Hi there"));
    String user = events.get(1).at("/item/id").stringValue();
    String assistant = events.get(4).at("/item/id").stringValue();
    String thread = events.get(0).at("/thread/id").stringValue();
    String at = events.get(4).at("/item/created_at").stringValue();
    assertEquals(
        """
        {"type":"thread.item.done","item":{"id":"%s","thread_id":"%s","created_at":"%s",\
        "type":"user_message","content":[{"type":"input_text","text":"Hi there"}],\
        "attachments":[],"quoted_text":"","inference_options":{}}}\
        """
            .formatted(user, thread, events.get(1).at("/item/created_at").stringValue()),
        events.get(1).toString());
    assertEquals(
        """
        {"type":"stream_options","stream_options":{"allow_cancel":true}}\
        """,
        events.get(2).toString());
    assertEquals(
        """
        {"type":"progress_update","icon":"sparkle","text":"Thinking…"}\
        """,
        events.get(3).toString());
    assertEquals(
        """
        {"type":"thread.item.added","item":{"id":"%s","thread_id":"%s","created_at":"%s",\
        "type":"assistant_message","content":[]}}\
        """
            .formatted(assistant, thread, at),
        events.get(4).toString());
    assertEquals(
        """
        {"type":"thread.item.updated","item_id":"%s","update":\
        {"type":"assistant_message.content_part.added","content_index":0,\
        "content":{"annotations":[],"text":"","type":"output_text"}}}\
        """
            .formatted(assistant),
        events.get(5).toString());
    assertEquals(
        """
        {"type":"thread.item.updated","item_id":"%s","update":\
        {"type":"assistant_message.content_part.text_delta","content_index":0,"delta":"Hello "}}\
        """
            .formatted(assistant),
        events.get(6).toString());
  }

  @Test
  void createdThreadIsActiveEmptyAndUntitled() {
    JsonNode thread = agent.stream(READER, Asking.create("Hi")).getFirst().at("/thread");
    assertEquals(
        """
        {"id":"%s","created_at":"%s","status":{"type":"active"},"metadata":{},\
        "items":{"data":[],"has_more":false,"after":null}}\
        """
            .formatted(thread.at("/id").stringValue(), thread.at("/created_at").stringValue()),
        thread.toString());
  }

  @Test
  void idsCarryTheirPrefixAndTimesAreIso8601() {
    List<JsonNode> events = agent.stream(READER, Asking.create("Hi"));
    JsonNode thread = events.getFirst().at("/thread");
    assertTrue(thread.at("/id").stringValue().matches("thr_[0-9a-f]{32}"));
    assertTrue(events.get(1).at("/item/id").stringValue().matches("msg_[0-9a-f]{32}"));
    Instant created = Instant.parse(thread.at("/created_at").stringValue());
    assertFalse(created.isAfter(Instant.now()));
  }

  @Test
  void deltasAddUpToTheFinishedMessage() {
    List<JsonNode> events = agent.stream(READER, Asking.create("What is Gatehouse?"));
    String said = Asking.said(events);
    JsonNode partDone = events.get(events.size() - 3);
    JsonNode itemDone = events.get(events.size() - 2);
    assertEquals(said, partDone.at("/update/content/text").stringValue());
    assertEquals(said, itemDone.at("/item/content/0/text").stringValue());
  }

  @Test
  void firstQuestionBecomesTheTitle() {
    JsonNode updated = agent.stream(READER, Asking.create("What\nis  Gatehouse?")).getLast();
    assertEquals("What is Gatehouse?", updated.at("/thread/title").stringValue());
  }

  @Test
  void longTitleIsCut() {
    JsonNode updated = agent.stream(READER, Asking.create("🙂".repeat(100))).getLast();
    assertEquals("🙂".repeat(59) + "…", updated.at("/thread/title").stringValue());
  }

  @Test
  void tagsQuotesAndInferenceOptionsComeBackAsSent() {
    String input =
        """
        {"content":[{"type":"input_text","text":"About"},{"type":"input_tag","id":"t1",\
        "text":"@page","data":{"n":1},"group":"pages","interactive":true}],\
        "attachments":[],"quoted_text":"as said","inference_options":{"model":"small"}}\
        """;
    JsonNode item =
        agent.stream(
                READER,
                """
                {"type":"threads.create","params":{"input":%s}}\
                """
                    .formatted(input))
            .get(1)
            .at("/item");
    assertEquals(
        """
        {"type":"input_tag","id":"t1","text":"@page","data":{"n":1},"group":"pages",\
        "interactive":true}\
        """,
        item.at("/content/1").toString());
    assertEquals("as said", item.at("/quoted_text").stringValue());
    assertEquals("small", item.at("/inference_options/model").stringValue());
  }

  @Test
  void unknownThreadIsAnErrorEvent() {
    assertError(agent.stream(READER, Asking.add("thr_none", "Hi")));
    assertError(agent.stream(READER, Asking.retry("thr_none", "msg_none")));
  }

  @Test
  void foreignThreadIsTheSameErrorEventAndStaysAsItWas() {
    String thread = agent.ask(READER, "Hi");
    JsonNode before = agent.lookup(READER, Asking.byId(thread));
    String item = before.at("/items/data/0/id").stringValue();
    List<JsonNode> unknown = agent.stream(EDITOR, Asking.add("thr_none", "Hi"));
    assertEquals(unknown, agent.stream(EDITOR, Asking.add(thread, "Hi")));
    assertEquals(unknown, agent.stream(EDITOR, Asking.retry(thread, item)));
    assertEquals(before, agent.lookup(READER, Asking.byId(thread)));
  }

  @Test
  void retryAnswersAnewAndForgetsWhatFollowed() {
    String thread = agent.ask(READER, "What is Gatehouse?");
    agent.stream(READER, Asking.add(thread, "And my cookie?"));
    JsonNode before = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
    String first = before.at("/0/id").stringValue();
    List<JsonNode> events = agent.stream(READER, Asking.retry(thread, first));
    assertEquals("stream_options", Asking.types(events).getFirst());
    assertFalse(Asking.said(events).contains("what you asked before"));
    JsonNode after = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
    assertEquals(2, after.size());
    assertEquals(before.get(0), after.get(0));
    assertEquals(events.getLast().at("/item"), after.get(1));
  }

  @Test
  void retryAfterAnAnswerIsAnErrorEventAndForgetsNothing() {
    String thread = agent.ask(READER, "Hi");
    JsonNode before = agent.lookup(READER, Asking.byId(thread));
    String answer = before.at("/items/data/1/id").stringValue();
    assertError(agent.stream(READER, Asking.retry(thread, answer)));
    assertEquals(before, agent.lookup(READER, Asking.byId(thread)));
  }

  private static void assertError(List<JsonNode> events) {
    assertEquals(1, events.size());
    JsonNode error = events.getFirst();
    assertEquals("error", error.at("/type").stringValue());
    assertEquals("custom", error.at("/code").stringValue());
    assertTrue(error.at("/message").isString());
    assertFalse(error.at("/allow_retry").booleanValue());
  }
}
