package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.testing.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Turns that wait for the one before them in their thread.
@Timeout(60)
final class QueuedTurnsTest {
  private static final String READER = RunningAgent.READER;
  private static final String REFUSED = "Too much is waiting to be answered here.";

  private final CountDownLatch speaking = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);
  private final ConcurrentMap<String, Call> waiting = new ConcurrentHashMap<>();
  private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
  private final AtomicInteger answered = new AtomicInteger();

  @Test
  void whoLeavesTheQueueFreesTheirPlaceAndAskedNothing() throws Exception {
    Responder slow =
        (turn, reply) -> {
          speaking.countDown();
          await(free);
          reply.say("done");
        };
    try (RunningAgent agent = RunningAgent.with(slow)) {
      agent.http.dispatcher().setMaxRequestsPerHost(20);
      ask(agent, "first", Asking.create("first"));
      speaking.await();
      String thread = agent.lookup(READER, Asking.threads("")).at("/data/0/id").stringValue();
      for (int i = 0; i < 9; i++) {
        ask(agent, "number " + i, Asking.add(thread, "number " + i));
      }
      // The ninth that came, so that all places are taken now.
      waiting.remove(String.valueOf(refused.poll(20, TimeUnit.SECONDS)));
      Map.Entry<String, Call> leaving =
          waiting.entrySet().stream()
              .filter(entry -> !entry.getKey().equals("first"))
              .findAny()
              .orElseThrow();
      leaving.getValue().cancel();
      Await.that("the place of who left is free", () -> isWelcome(agent, thread));
      assertEquals(0, answered.get(), "the first still speaks");
      free.countDown();
      Await.that("all are answered", () -> answered.get() == 8);
      JsonNode items = agent.lookup(READER, Asking.items(thread, ",\"limit\":100")).at("/data");
      List<String> questions = items.findValuesAsString("text");
      assertEquals(16, items.size());
      assertFalse(questions.contains(leaving.getKey()));
      assertFalse(questions.contains("somebody else"));
    }
  }

  /// Whoever is refused knows at once; whoever is not waits, for a moment here, and leaves.
  private static boolean isWelcome(RunningAgent agent, String thread) throws IOException {
    Call call = agent.http.newCall(agent.chatKit(READER, Asking.add(thread, "somebody else")));
    call.timeout().timeout(500, TimeUnit.MILLISECONDS);
    try (Response response = call.execute()) {
      assertTrue(response.body().string().contains(REFUSED));
      return false;
    } catch (InterruptedIOException _) {
      return true;
    }
  }

  private void ask(RunningAgent agent, String name, String body) {
    Call call = agent.http.newCall(agent.chatKit(READER, body));
    waiting.put(name, call);
    call.enqueue(
        new Callback() {
          @Override
          public void onResponse(Call answeredCall, Response response) {
            try (response) {
              if (response.body().string().contains(REFUSED)) {
                refused.add(name);
              } else {
                answered.incrementAndGet();
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }

          @Override
          public void onFailure(Call leftCall, IOException e) {
            // left
          }
        });
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
