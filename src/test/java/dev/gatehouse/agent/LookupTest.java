package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class LookupTest {
  private static final String READER = RunningAgent.READER;
  private static final String EDITOR = RunningAgent.EDITOR;

  private final RunningAgent agent = RunningAgent.start();

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void newcomerHasNoThreads() {
    assertEquals(
        """
        {"data":[],"has_more":false,"after":null}\
        """,
        agent.lookup(READER, Asking.threads("")).toString());
  }

  @Test
  void threadsAreListedNewestFirstWithTitlesAndWithoutItems() {
    String first = agent.ask(READER, "One");
    String second = agent.ask(READER, "Two");
    JsonNode page = agent.lookup(READER, Asking.threads(""));
    assertEquals(List.of(second, first), ids(page));
    assertEquals("Two", page.at("/data/0/title").stringValue());
    assertEquals(0, page.at("/data/0/items/data").size());
  }

  @Test
  void threadsAreListedOldestFirstOnRequest() {
    String first = agent.ask(READER, "One");
    String second = agent.ask(READER, "Two");
    JsonNode page = agent.lookup(READER, Asking.threads("\"order\":\"asc\""));
    assertEquals(List.of(first, second), ids(page));
  }

  @Test
  void pagesOfThreadsJoinToTheWholeList() {
    for (int i = 0; i < 5; i++) {
      agent.ask(READER, "Question " + i);
    }
    List<String> all = ids(agent.lookup(READER, Asking.threads("")));
    JsonNode first = agent.lookup(READER, Asking.threads("\"limit\":3"));
    assertTrue(first.at("/has_more").booleanValue());
    String after = first.at("/after").stringValue();
    assertEquals(all.get(2), after);
    JsonNode rest = agent.lookup(READER, Asking.threads("\"limit\":3,\"after\":\"" + after + "\""));
    assertFalse(rest.at("/has_more").booleanValue());
    assertTrue(rest.at("/after").isNull());
    List<String> joined = new ArrayList<>(ids(first));
    joined.addAll(ids(rest));
    assertEquals(all, joined);
  }

  @Test
  void pageThatEndsWithTheListHasNoMore() {
    agent.ask(READER, "One");
    agent.ask(READER, "Two");
    JsonNode page = agent.lookup(READER, Asking.threads("\"limit\":2"));
    assertFalse(page.at("/has_more").booleanValue());
  }

  @Test
  void usualPageHoldsTwenty() {
    for (int i = 0; i < 21; i++) {
      agent.ask(READER, "Question " + i);
    }
    JsonNode page = agent.lookup(READER, Asking.threads("\"limit\":null,\"after\":null"));
    assertEquals(20, page.at("/data").size());
    assertTrue(page.at("/has_more").booleanValue());
  }

  @Test
  void hugeLimitIsServed() {
    agent.ask(READER, "One");
    JsonNode page = agent.lookup(READER, Asking.threads("\"limit\":2147483647"));
    assertEquals(1, page.at("/data").size());
  }

  @Test
  void threadComesWithItsFirstTwentyItemsOldestFirst() {
    String thread = agent.ask(READER, "Question 0");
    for (int i = 1; i < 11; i++) {
      agent.stream(READER, Asking.add(thread, "Question " + i));
    }
    JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items");
    assertEquals(20, items.at("/data").size());
    assertTrue(items.at("/has_more").booleanValue());
    assertEquals("Question 0", items.at("/data/0/content/0/text").stringValue());
    assertEquals("assistant_message", items.at("/data/1/type").stringValue());
    String after = items.at("/after").stringValue();
    JsonNode rest =
        agent.lookup(
            READER, Asking.items(thread, ",\"order\":\"asc\",\"after\":\"" + after + "\""));
    assertEquals("Question 10", rest.at("/data/0/content/0/text").stringValue());
    assertEquals(2, rest.at("/data").size());
  }

  @Test
  void itemsAreListedNewestFirst() {
    String thread = agent.ask(READER, "One");
    JsonNode page = agent.lookup(READER, Asking.items(thread, ""));
    assertEquals("assistant_message", page.at("/data/0/type").stringValue());
    assertEquals("user_message", page.at("/data/1/type").stringValue());
    assertEquals(2, page.at("/data").size());
  }

  @Test
  void hiddenItemsAreLeftOutAndDoNotShortenPages() {
    ChatThread thread = Stored.thread("reader");
    try (RunningAgent other = RunningAgent.with(Stored.silent());
        Store store = other.store()) {
      Threads threads = store.threads();
      threads.add(thread);
      threads.append(thread, Stored.hidden(thread, "msg_h1"));
      threads.append(thread, Stored.message(thread, "msg_1"));
      threads.append(thread, Stored.hidden(thread, "msg_h2"));
      threads.append(thread, Stored.message(thread, "msg_2"));
      JsonNode two =
          other.lookup(READER, Asking.items(thread.id(), ",\"limit\":2,\"order\":\"asc\""));
      assertEquals(List.of("msg_1", "msg_2"), ids(two));
      assertFalse(two.at("/has_more").booleanValue());
      assertEquals(two, other.lookup(READER, Asking.byId(thread.id())).at("/items"));
      String hidden = Asking.items(thread.id(), ",\"after\":\"msg_h1\"");
      other.post(READER, hidden).assertRefused(400);
    }
  }

  @Test
  void nobodySeesThreadsOfOthers() {
    String thread = agent.ask(READER, "Mine");
    assertEquals(0, agent.lookup(EDITOR, Asking.threads("")).at("/data").size());
    RunningAgent.Answer foreign = agent.post(EDITOR, Asking.byId(thread));
    foreign.assertRefused(404);
    assertEquals(foreign.body(), agent.post(EDITOR, Asking.byId("thr_none")).body());
    agent.post(EDITOR, Asking.items(thread, "")).assertRefused(404);
    agent.post(EDITOR, Asking.items("thr_none", "")).assertRefused(404);
  }

  @Test
  void foreignThreadIsNoCursor() {
    String thread = agent.ask(READER, "Mine");
    agent.ask(EDITOR, "Mine too");
    RunningAgent.Answer foreign =
        agent.post(EDITOR, Asking.threads("\"after\":\"" + thread + "\""));
    foreign.assertRefused(400);
    RunningAgent.Answer unknown = agent.post(EDITOR, Asking.threads("\"after\":\"thr_none\""));
    assertEquals(unknown.body(), foreign.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"limit\":0",
        "\"limit\":-1",
        "\"limit\":1.5",
        "\"limit\":\"3\"",
        "\"limit\":99999999999",
        "\"order\":\"up\"",
        "\"order\":7",
        "\"after\":7",
      })
  void pageParametersThatCannotBeMeantAreTurnedAway(String params) {
    agent.post(READER, Asking.threads(params)).assertRefused(400);
  }

  private static List<String> ids(JsonNode page) {
    return page.at("/data").values().stream()
        .map(element -> element.at("/id").stringValue())
        .toList();
  }
}
