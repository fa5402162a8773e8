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
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client that keeps its connection and reads nothing.
@Timeout(20)
final class UnreadStreamTest {
  private static final String READER = RunningAgent.READER;
  private static final Patience SHORT =
      new Patience(
          Patience.USUAL.silence(),
          Duration.ofMillis(300),
          Patience.USUAL.drain(),
          Patience.USUAL.farewell(),
          Patience.USUAL.store());

  @Test
  void clientThatTakesNothingHasLeft() throws Exception {
    CountDownLatch calledOff = new CountDownLatch(1);
    AtomicInteger turns = new AtomicInteger();
    Responder endless =
        (turn, reply) -> {
          if (turns.getAndIncrement() > 0) {
            reply.say("the floor is free");
            return;
          }
          try (Reply.Registration _ = reply.onLeave(calledOff::countDown)) {
            reply.say("begun ");
            while (!Thread.currentThread().isInterrupted()) {
              reply.say("more ".repeat(10_000));
            }
          }
        };
    try (RunningAgent agent = RunningAgent.with(endless, SHORT);
        Wire deaf = Wire.narrow(agent.request("/").build().url().port(), 4096)) {
      deaf.send(post(Asking.create("Go on")));
      assertTrue(calledOff.await(10, TimeUnit.SECONDS), "what was being made is called off");
      String thread = agent.lookup(READER, Asking.threads("")).at("/data/0/id").stringValue();
      assertEquals("the floor is free", Asking.said(agent.stream(READER, Asking.add(thread, "?"))));
      deaf.awaitClose();
      try (Store store = agent.store()) {
        ChatThread kept = store.threads().list("reader", PageRequest.first()).data().getFirst();
        List<Item> items = store.threads().history(kept, 10);
        Item.AssistantMessage partial = assertInstanceOf(Item.AssistantMessage.class, items.get(1));
        assertTrue(partial.text().startsWith("begun more "));
        assertInstanceOf(Item.HiddenContext.class, items.get(2));
      }
    }
  }

  private static String post(String body) {
    return """
    POST /chatkit HTTP/1.1\r
    Host: agent\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(READER, body.getBytes(StandardCharsets.UTF_8).length, body);
  }
}
