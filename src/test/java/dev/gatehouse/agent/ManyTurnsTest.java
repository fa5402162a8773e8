package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Responder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
  private static final int DELETIONS = 40;

  @Test
  void fiveHundredTurnsStreamAtOnceAndAllAreKept() throws Exception {
    try (RunningAgent agent = RunningAgent.with(together());
        ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> said : people.invokeAll(turns(agent))) {
        assertEquals("We are many.", said.get());
      }
      assertKept(agent);
    }
  }

  /// Each deletion makes what it deletes unreadable in the file as well.
  @Test
  void nobodyFailsBecauseOthersDelete() throws Exception {
    try (RunningAgent agent = RunningAgent.with(together());
        ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> old = threads(agent);
      List<Callable<String>> all = new ArrayList<>(turns(agent));
      for (String thread : old) {
        all.add(() ->
            agent.lookup(AgentIssuer.token("leaver", "Leaver"), Asking.delete(thread)).toString());
      }
      Collections.shuffle(all, new Random(7));
      for (Future<String> said : people.invokeAll(all)) {
        assertTrue(List.of("We are many.", "{}").contains(said.get()), said::resultNow);
      }
      assertKept(agent);
    }
  }

  /// Answers once all are being answered.
  private static Responder together() {
    CountDownLatch begun = new CountDownLatch(TURNS);
    return (turn, reply) -> {
      reply.say("We are ");
      if (turn.person().subject().startsWith("person-")) {
        begun.countDown();
        try {
          assertTrue(begun.await(60, TimeUnit.SECONDS), "all at once");
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      reply.say("many.");
    };
  }

  private static List<Callable<String>> turns(RunningAgent agent) {
    return IntStream.range(0, TURNS).<Callable<String>>mapToObj(i -> () -> turn(agent, i)).toList();
  }

  /// Some that can be deleted.
  private static List<String> threads(RunningAgent agent) {
    String leaver = AgentIssuer.token("leaver", "Leaver");
    return IntStream.range(0, DELETIONS)
        .mapToObj(_ ->
            agent.stream(leaver, Asking.create("Hi")).getFirst().at("/thread/id").stringValue())
        .toList();
  }

  private static void assertKept(RunningAgent agent) {
    for (int i = 0; i < TURNS; i += 50) {
      String token = token(i);
      String thread = agent.lookup(token, Asking.threads("")).at("/data/0/id").stringValue();
      JsonNode items = agent.lookup(token, Asking.byId(thread)).at("/items/data");
      assertEquals(2, items.size());
      assertEquals("We are many.", items.at("/1/content/0/text").stringValue());
    }
  }

  private static String turn(RunningAgent agent, int person) {
    return Asking.said(agent.stream(token(person), Asking.create("Hi")));
  }

  private static String token(int person) {
    return AgentIssuer.token("person-" + person, "Test Person");
  }
}
