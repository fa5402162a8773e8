package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.store.Store;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.LogCapture;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// A database that refuses the answer at the end of a turn.
@Timeout(60)
final class KeptAtLastTest {
  private static final String READER = RunningAgent.READER;
  private static final String NOT_COMPLETED = "The answer could not be completed.";
  private static final String NOT_KEPT = "Conversations cannot be kept at the moment.";

  private final AtomicReference<Path> data = new AtomicReference<>();

  @Test
  void partialAnswerIsKeptOnceTheDatabaseIsBack() throws Exception {
    Responder failing =
        (turn, reply) -> {
          reply.say("half ");
          refuse();
          throw new IOException("unplugged");
        };
    assertKept(failing, NOT_COMPLETED, "/1/content/0/text", "half ");
  }

  @Test
  void wholeAnswerIsKeptOnceTheDatabaseIsBack() throws Exception {
    Responder speaking =
        (turn, reply) -> {
          reply.say("whole");
          refuse();
        };
    assertKept(speaking, NOT_KEPT, "/1/content/0/text", "whole");
  }

  /// Or nobody would know that the order was placed.
  @Test
  void outcomeOfAToolIsKeptOnceTheDatabaseIsBack() throws Exception {
    Responder ordering =
        (turn, reply) -> {
          Reply.Work order = reply.work("wrench", "Order");
          refuse();
          order.done("Order 7 is placed.");
        };
    assertKept(ordering, NOT_KEPT, "/1/task/content", "Order 7 is placed.");
  }

  /// The error is said and the stream ends while the database still refuses: for longer than
  /// anybody waits at the stream.
  private void assertKept(Responder responder, String error, String place, String kept)
      throws Exception {
    try (RunningAgent agent = with(responder)) {
      List<JsonNode> events = agent.stream(READER, Asking.create("Hi"));
      assertEquals(error, events.getLast().at("/message").asString(""));
      String thread = events.getFirst().at("/thread/id").stringValue();
      assertEquals(1, agent.lookup(READER, Asking.byId(thread)).at("/items/data").size());
      accept();
      Await.that(
          "the answer is kept",
          () ->
              agent
                  .lookup(READER, Asking.byId(thread))
                  .at("/items/data" + place)
                  .asString("")
                  .equals(kept));
    }
  }

  @Test
  void nextTurnWaitsUntilTheAnswerBeforeItIsKept() throws Exception {
    AtomicInteger turns = new AtomicInteger();
    Responder once =
        (turn, reply) -> {
          reply.say("answer " + turns.incrementAndGet());
          if (turns.get() == 1) {
            refuse();
          }
        };
    try (RunningAgent agent = with(once)) {
      String thread = agent.ask(READER, "one");
      CompletableFuture<List<JsonNode>> next =
          CompletableFuture.supplyAsync(() -> agent.stream(READER, Asking.add(thread, "two")));
      accept();
      assertEquals("answer 2", Asking.said(next.join()));
      JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
      assertEquals(
          List.of("one", "answer 1", "two", "answer 2"),
          items.findValuesAsString("text"),
          items.toString());
    }
  }

  @Test
  void stopIsNotedEvenIfTheDatabaseFailsTogetherWithIt() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Responder stopped =
        (turn, reply) -> {
          try (Reply.Registration _ = reply.onLeave(left::countDown)) {
            reply.say("begun ");
            await(left);
            refuse();
            reply.pause();
          }
        };
    try (LogCapture log = LogCapture.everything();
        RunningAgent agent = with(stopped);
        Store store = agent.store()) {
      Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
      try (Response response = call.execute()) {
        readUntil(response.body().source(), "begun ");
        call.cancel();
      }
      ChatThread thread = store.threads().list("reader", PageRequest.first()).data().getFirst();
      Await.that("the database refused", () -> says(log, "not kept yet"));
      accept();
      Await.that("all is kept", () -> store.threads().history(thread, 10).size() == 3);
      List<Item> items = store.threads().history(thread, 10);
      assertEquals("begun ", assertInstanceOf(Item.AssistantMessage.class, items.get(1)).text());
      assertInstanceOf(Item.HiddenContext.class, items.get(2));
    }
  }

  @Test
  void serverThatStopsSaysWhatIsLost() throws Exception {
    Responder speaking =
        (turn, reply) -> {
          reply.say("kanarienvogel");
          refuse();
        };
    try (LogCapture log = LogCapture.everything()) {
      List<JsonNode> events;
      try (RunningAgent agent = with(speaking)) {
        events = agent.stream(READER, Asking.create("Hi"));
      }
      assertLost(log, events);
    }
  }

  @Test
  void answerIsGivenUpIfTheDatabaseStaysAway() throws Exception {
    Responder speaking =
        (turn, reply) -> {
          reply.say("kanarienvogel");
          refuse();
        };
    Patience usual = Patience.USUAL;
    Patience hasty =
        new Patience(
            usual.silence(),
            usual.write(),
            usual.drain(),
            usual.farewell(),
            Duration.ofMillis(100));
    try (LogCapture log = LogCapture.everything();
        RunningAgent agent = RunningAgent.with(speaking, hasty)) {
      data.set(agent.data);
      List<JsonNode> events = agent.stream(READER, Asking.create("Hi"));
      Await.that("it is given up", () -> says(log, "what was said is lost"));
      assertLost(log, events);
      String thread = events.getFirst().at("/thread/id").stringValue();
      assertEquals(
          "stream_options",
          Asking.types(
                  agent.stream(
                      READER, Asking.retry(thread, events.get(1).at("/item/id").stringValue())))
              .getFirst());
    }
  }

  private static boolean says(LogCapture log, String words) {
    return log.lines().stream().anyMatch(line -> line.contains(words));
  }

  private static void assertLost(LogCapture log, List<JsonNode> events) {
    String thread = events.getFirst().at("/thread/id").stringValue();
    String answer =
        events.stream()
            .filter(event -> event.at("/type").stringValue().equals("thread.item.added"))
            .map(event -> event.at("/item/id").stringValue())
            .findFirst()
            .orElseThrow();
    assertEquals(
        1,
        log.lines().stream()
            .filter(line -> line.contains("what was said is lost"))
            .filter(line -> line.contains(thread) && line.contains(answer))
            .count(),
        log.lines().toString());
    assertTrue(log.lines().stream().noneMatch(line -> line.contains("kanarien")));
  }

  private RunningAgent with(Responder responder) {
    RunningAgent agent = RunningAgent.with(responder);
    data.set(agent.data);
    return agent;
  }

  /// From now on the database takes no items.
  private void refuse() throws IOException {
    execute(
        """
        CREATE TRIGGER refuse BEFORE INSERT ON items
        BEGIN SELECT RAISE(ABORT, 'not now'); END\
        """);
  }

  private void accept() throws IOException {
    execute("DROP TRIGGER refuse");
  }

  private void execute(String sql) throws IOException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + data.get().resolve("agent.db"));
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void readUntil(BufferedSource source, String text) throws IOException {
    String line = source.readUtf8LineStrict();
    while (!line.contains(text)) {
      line = source.readUtf8LineStrict();
    }
  }
}
