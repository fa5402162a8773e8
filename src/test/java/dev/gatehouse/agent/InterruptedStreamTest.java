package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.store.Store;
import dev.gatehouse.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(20)
final class InterruptedStreamTest {
  private static final String READER = RunningAgent.READER;

  @Test
  void eachEventIsOnTheWireBeforeTheNextIsMade() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Responder waiting =
        (turn, reply) -> {
          reply.say("one ");
          awaitLatch(seen);
          reply.say("two");
        };
    try (RunningAgent agent = RunningAgent.with(waiting);
        Response response =
            agent.http.newCall(agent.chatKit(READER, Asking.create("Hi"))).execute()) {
      readUntil(response.body().source(), "one ");
      seen.countDown();
      readUntil(response.body().source(), "two");
    }
  }

  @Test
  void stopKeepsThePartialAnswerAndEndsTheGeneration() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Responder endless =
        (turn, reply) -> {
          reply.say("begun ");
          awaitLatch(left);
          while (!Thread.currentThread().isInterrupted()) {
            reply.say("more ");
          }
        };
    try (RunningAgent agent = RunningAgent.with(endless)) {
      Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
      try (Response response = call.execute()) {
        readUntil(response.body().source(), "begun ");
        call.cancel();
      }
      left.countDown();
      awaitNote(agent);
      JsonNode thread = agent.lookup(READER, Asking.threads("")).at("/data/0");
      JsonNode items =
          agent.lookup(READER, Asking.byId(thread.at("/id").stringValue())).at("/items/data");
      assertEquals("Go on", thread.at("/title").stringValue());
      assertEquals(2, items.size(), "the note about the stop is not shown");
      assertTrue(items.at("/1/content/0/text").stringValue().startsWith("begun "));
    }
  }

  @Test
  void stopBeforeTheFirstWordKeepsNoEmptyAnswer() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Responder thinking =
        (turn, reply) -> {
          reply.progress("sparkle", "Thinking…");
          awaitLatch(left);
          while (!Thread.currentThread().isInterrupted()) {
            reply.progress("sparkle", "Still thinking…");
          }
        };
    try (RunningAgent agent = RunningAgent.with(thinking)) {
      Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
      try (Response response = call.execute()) {
        readUntil(response.body().source(), "Thinking");
        call.cancel();
      }
      left.countDown();
      awaitNote(agent);
      String thread = agent.lookup(READER, Asking.threads("")).at("/data/0/id").stringValue();
      JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
      assertEquals(1, items.size());
    }
  }

  @Test
  void stopRightAfterTheQuestionIsNotedToo() throws Exception {
    try (RunningAgent agent =
            RunningAgent.with((turn, reply) -> reply.rest(Duration.ofMinutes(1)));
        Store store = agent.store()) {
      for (int i = 0; i < 10; i++) {
        Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
        try (Response response = call.execute()) {
          assertEquals(200, response.code());
          call.cancel();
        }
      }
      Await.that(
          "each stop is noted",
          () ->
              store.threads().list("reader", PageRequest.first()).data().stream()
                  .map(thread -> store.threads().history(thread, 10).getLast())
                  .allMatch(Item.HiddenContext.class::isInstance));
    }
  }

  @Test
  void whoLeavesAfterTheLastWordStoppedNothing() throws Exception {
    try (RunningAgent agent = RunningAgent.with((turn, reply) -> reply.say("all of it"));
        Store store = agent.store()) {
      for (int i = 0; i < 10; i++) {
        Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
        try (Response response = call.execute()) {
          readUntil(response.body().source(), "content_part.done");
          call.cancel();
        }
        ChatThread thread = store.threads().list("reader", PageRequest.first()).data().getFirst();
        agent.stream(READER, Asking.retry(thread.id(), "msg_none")); // comes after that turn
        assertInstanceOf(
            Item.AssistantMessage.class, store.threads().history(thread, 10).getLast());
      }
    }
  }

  @Test
  void retryRightAfterStopWaitsForTheStoppedTurn() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch overtaken = new CountDownLatch(1);
    List<String> order = new CopyOnWriteArrayList<>();
    AtomicInteger turns = new AtomicInteger();
    Responder slowToNotice =
        (turn, reply) -> {
          if (turns.getAndIncrement() > 0) {
            order.add("retried");
            overtaken.countDown();
            reply.say("anew");
            return;
          }
          try {
            reply.say("begun ");
            awaitLatch(asked);
            awaitInVain(overtaken);
            while (!Thread.currentThread().isInterrupted()) {
              reply.say("more ");
            }
          } finally {
            order.add("stopped");
          }
        };
    try (RunningAgent agent = RunningAgent.with(slowToNotice)) {
      Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
      try (Response response = call.execute()) {
        readUntil(response.body().source(), "begun ");
        call.cancel();
      }
      String thread = agent.lookup(READER, Asking.threads("")).at("/data/0/id").stringValue();
      String question =
          agent.lookup(READER, Asking.byId(thread)).at("/items/data/0/id").stringValue();
      asked.countDown();
      List<JsonNode> events = agent.stream(READER, Asking.retry(thread, question));
      assertEquals("anew", Asking.said(events));
      assertEquals(List.of("stopped", "retried"), order);
      JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
      assertEquals(2, items.size(), items.toString());
      assertEquals("anew", items.at("/1/content/0/text").stringValue());
    }
  }

  @Test
  void failingResponderEndsInAnErrorEventAndKeepsWhatWasSaid() {
    Responder failing =
        (turn, reply) -> {
          reply.say("half ");
          throw new IllegalStateException("canary");
        };
    assertFails(failing, "half ");
  }

  @Test
  void brokenModelConnectionIsNoStopByTheUser() {
    Responder failing =
        (turn, reply) -> {
          reply.say("half ");
          throw new IOException("canary");
        };
    assertFails(failing, "half ");
  }

  @Test
  void silentResponderLeavesNoEmptyBubble() {
    try (RunningAgent agent = RunningAgent.with(Stored.silent())) {
      List<JsonNode> events = agent.stream(READER, Asking.create("Hi"));
      assertEquals(
          List.of("thread.created", "thread.item.done", "stream_options", "thread.updated"),
          Asking.types(events));
    }
  }

  private static void assertFails(Responder failing, String kept) {
    try (RunningAgent agent = RunningAgent.with(failing)) {
      RunningAgent.Answer answer = agent.post(READER, Asking.create("Hi"));
      assertFalse(answer.body().contains("canary"));
      JsonNode error =
          answer.events().stream()
              .filter(event -> event.at("/type").stringValue().equals("error"))
              .findFirst()
              .orElseThrow();
      assertTrue(error.at("/allow_retry").booleanValue());
      assertEquals(error, answer.events().getLast(), "an error is the end");
      String thread = answer.events().getFirst().at("/thread/id").stringValue();
      JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
      assertEquals(kept, items.at("/1/content/0/text").stringValue());
    }
  }

  private static void readUntil(BufferedSource source, String text) throws IOException {
    String line = source.readUtf8LineStrict();
    while (!line.contains(text)) {
      line = source.readUtf8LineStrict();
    }
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /// Gives what must not happen the time to happen.
  private static void awaitInVain(CountDownLatch latch) throws IOException {
    try {
      boolean ignored = latch.await(300, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /// Waits until the stop of the one thread was noted.
  private static void awaitNote(RunningAgent agent) throws Exception {
    try (Store store = agent.store()) {
      ChatThread thread = store.threads().list("reader", PageRequest.first()).data().getFirst();
      Await.that(
          "generation ends with the client",
          () -> store.threads().history(thread, 10).getLast() instanceof Item.HiddenContext);
    }
  }
}
