package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Responder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ManyTurnsTest {
  private static final int TURNS = 500;

  @Test
  void fiveHundredTurnsStreamAtOnceAndAllAreKept() throws Exception {
    CountDownLatch begun = new CountDownLatch(TURNS);
    Responder together =
        (turn, reply) -> {
          reply.say("We are ");
          begun.countDown();
          try {
            assertTrue(begun.await(60, TimeUnit.SECONDS), "all at once");
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          reply.say("many.");
        };
    try (RunningAgent agent = RunningAgent.with(together);
        ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> turns =
          IntStream.range(0, TURNS).<Callable<String>>mapToObj(i -> () -> turn(agent, i)).toList();
      for (Future<String> said : people.invokeAll(turns)) {
        assertEquals("We are many.", said.get());
      }
      for (int i = 0; i < TURNS; i += 50) {
        String token = token(i);
        String thread = agent.lookup(token, Asking.threads("")).at("/data/0/id").stringValue();
        JsonNode items = agent.lookup(token, Asking.byId(thread)).at("/items/data");
        assertEquals(2, items.size());
        assertEquals("We are many.", items.at("/1/content/0/text").stringValue());
      }
    }
  }

  private static String turn(RunningAgent agent, int person) {
    return Asking.said(agent.stream(token(person), Asking.create("Hi")));
  }

  private static String token(int person) {
    return AgentIssuer.token("person-" + person, "Test Person");
  }
}
