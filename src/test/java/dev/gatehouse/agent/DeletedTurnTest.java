package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.store.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Conversations that are deleted while something in them is being answered.
@Timeout(30)
final class DeletedTurnTest {
  private static final String READER = RunningAgent.READER;

  private final CountDownLatch speaking = new CountDownLatch(1);
  private final CountDownLatch calledOff = new CountDownLatch(1);

  /// Says half of something and then waits for a model that never answers.
  private final Responder waiting =
      (turn, reply) -> {
        reply.say("half ");
        try (Reply.Registration _ = reply.onLeave(calledOff::countDown)) {
          speaking.countDown();
          if (calledOff.await(20, TimeUnit.SECONDS)) {
            throw new IOException("called off");
          }
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        reply.say("whole");
      };

  @Test
  void turnIsCalledOffAndNothingOfItIsKept() throws Exception {
    try (RunningAgent agent = RunningAgent.with(waiting);
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<JsonNode>> turn =
          others.submit(() -> agent.stream(READER, Asking.create("Go on")));
      speaking.await();
      JsonNode thread = agent.lookup(READER, Asking.threads("")).at("/data/0");
      String id = thread.at("/id").stringValue();
      agent.lookup(READER, Asking.delete(id));
      List<JsonNode> events = turn.get();
      assertEquals("half ", Asking.said(events));
      assertDeleted(events);
      assertFalse(Asking.types(events).contains("thread.updated"));
      agent.post(READER, Asking.byId(id)).assertRefused(404);
      try (Store store = agent.store()) {
        ChatThread gone = ChatThread.begun(id, "reader", Instant.EPOCH);
        assertEquals(List.of(), store.threads().history(gone, 10));
      }
    }
  }

  @Test
  void whoWaitsForTheTurnNeedNotWaitAnyLonger() throws Exception {
    try (RunningAgent agent = RunningAgent.with(waiting);
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      others.execute(() -> agent.stream(READER, Asking.create("Go on")));
      speaking.await();
      String id = agent.lookup(READER, Asking.threads("")).at("/data/0/id").stringValue();
      Future<List<JsonNode>> next =
          others.submit(() -> agent.stream(READER, Asking.add(id, "Then this")));
      agent.lookup(READER, Asking.delete(id));
      JsonNode error = next.get().getLast();
      assertEquals("error", error.at("/type").stringValue());
      assertFalse(error.at("/allow_retry").booleanValue());
      assertTrue(calledOff.await(5, TimeUnit.SECONDS));
    }
  }

  private static void assertDeleted(List<JsonNode> events) {
    assertEquals(
        """
        {"type":"error","code":"custom","message":"This conversation was deleted.",\
        "allow_retry":false}\
        """,
        events.getLast().toString());
  }
}
