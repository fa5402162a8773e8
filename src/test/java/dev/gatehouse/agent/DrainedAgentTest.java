package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A signal to stop while somebody is being answered, and no time left to wait for the end.
@Timeout(30)
final class DrainedAgentTest {
  private static final String READER = RunningAgent.READER;
  private static final Duration SHORT = Duration.ofMillis(200);

  private final CountDownLatch drained = new CountDownLatch(1);

  @Test
  void turnThatIsCutOffIsKeptBeforeTheStoreCloses() throws Exception {
    Responder slowToEnd =
        (turn, reply) -> {
          reply.say("begun ");
          try {
            reply.rest(Duration.ofMinutes(1));
          } finally {
            await(Duration.ofMillis(500)); // in vain
          }
        };
    List<Item> items = keptOf(slowToEnd, Patience.USUAL.farewell());
    assertEquals(3, items.size(), items.toString());
    Item.AssistantMessage partial = assertInstanceOf(Item.AssistantMessage.class, items.get(1));
    assertEquals("begun ", partial.text());
    assertInstanceOf(Item.HiddenContext.class, items.get(2));
  }

  @Test
  void turnThatDoesNotEndIsNotWaitedForForLong() throws Exception {
    Responder endless =
        (turn, reply) -> {
          reply.say("begun ");
          await(Duration.ofMinutes(1));
        };
    assertEquals(1, keptOf(endless, SHORT).size());
  }

  /// What is in the store once an agent was drained in the middle of an answer.
  private List<Item> keptOf(Responder responder, Duration farewell) throws Exception {
    Patience usual = Patience.USUAL;
    Patience hasty = new Patience(usual.silence(), usual.write(), SHORT, farewell, usual.store());
    try (RunningAgent agent = RunningAgent.with(responder, hasty);
        Response response =
            agent.http.newCall(agent.chatKit(READER, Asking.create("Go on"))).execute()) {
      readUntil(response.body().source(), "begun ");
      agent.drain();
      drained.countDown();
      try (Store store = agent.store()) {
        ChatThread thread = store.threads().list("reader", PageRequest.first()).data().getFirst();
        return store.threads().history(thread, 10);
      }
    }
  }

  private void await(Duration limit) throws IOException {
    try {
      boolean ignored = drained.await(limit.toMillis(), TimeUnit.MILLISECONDS);
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
