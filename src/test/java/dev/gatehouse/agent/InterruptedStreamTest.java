package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
    try (RunningAgent agent = RunningAgent.with(waiting, new ThreadsInMemory());
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
    Kept threads = new Kept();
    Responder endless =
        (turn, reply) -> {
          reply.say("begun ");
          awaitLatch(left);
          while (!Thread.currentThread().isInterrupted()) {
            reply.say("more ");
          }
        };
    try (RunningAgent agent = RunningAgent.with(endless, threads)) {
      Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
      try (Response response = call.execute()) {
        readUntil(response.body().source(), "begun ");
        call.cancel();
      }
      left.countDown();
      threads.awaitHidden();
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
    Kept threads = new Kept();
    Responder thinking =
        (turn, reply) -> {
          reply.progress("sparkle", "Thinking…");
          awaitLatch(left);
          while (!Thread.currentThread().isInterrupted()) {
            reply.progress("sparkle", "Still thinking…");
          }
        };
    try (RunningAgent agent = RunningAgent.with(thinking, threads)) {
      Call call = agent.http.newCall(agent.chatKit(READER, Asking.create("Go on")));
      try (Response response = call.execute()) {
        readUntil(response.body().source(), "Thinking");
        call.cancel();
      }
      left.countDown();
      threads.awaitHidden();
      String thread = agent.lookup(READER, Asking.threads("")).at("/data/0/id").stringValue();
      JsonNode items = agent.lookup(READER, Asking.byId(thread)).at("/items/data");
      assertEquals(1, items.size());
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
    try (RunningAgent agent = RunningAgent.with(slowToNotice, new ThreadsInMemory())) {
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
    try (RunningAgent agent = RunningAgent.with(Stored.silent(), new ThreadsInMemory())) {
      List<JsonNode> events = agent.stream(READER, Asking.create("Hi"));
      assertEquals(
          List.of("thread.created", "thread.item.done", "stream_options", "thread.updated"),
          Asking.types(events));
    }
  }

  private static void assertFails(Responder failing, String kept) {
    try (RunningAgent agent = RunningAgent.with(failing, new ThreadsInMemory())) {
      RunningAgent.Answer answer = agent.post(READER, Asking.create("Hi"));
      assertFalse(answer.body().contains("canary"));
      JsonNode error =
          answer.events().stream()
              .filter(event -> event.at("/type").stringValue().equals("error"))
              .findFirst()
              .orElseThrow();
      assertTrue(error.at("/allow_retry").booleanValue());
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

  /// Threads in memory that tell when a stop was noted.
  private static final class Kept implements Threads {
    private final Threads threads = new ThreadsInMemory();
    private final CountDownLatch hidden = new CountDownLatch(1);

    void awaitHidden() throws InterruptedException {
      assertTrue(hidden.await(10, TimeUnit.SECONDS), "generation went on for nobody");
    }

    @Override
    public void append(ChatThread thread, Item item) {
      threads.append(thread, item);
      if (item instanceof Item.HiddenContext) {
        hidden.countDown();
      }
    }

    @Override
    public void save(ChatThread thread) {
      threads.save(thread);
    }

    @Override
    public Optional<ChatThread> find(String owner, String id) {
      return threads.find(owner, id);
    }

    @Override
    public Page<ChatThread> list(String owner, PageRequest request) {
      return threads.list(owner, request);
    }

    @Override
    public Optional<Item.UserMessage> rewind(ChatThread thread, String itemId) {
      return threads.rewind(thread, itemId);
    }

    @Override
    public Page<Item.Visible> items(ChatThread thread, PageRequest request) {
      return threads.items(thread, request);
    }

    @Override
    public List<Item> history(ChatThread thread) {
      return threads.history(thread);
    }
  }
}
