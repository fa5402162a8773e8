package dev.gatehouse.load;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A thousand connections on which heads and bodies come byte by byte, and chats beside them that
/// take as long as without.
final class SlowSendersTest {
  private static final int SLOW = 1000;
  private static final int ROUNDS = 2;
  private static final int BROWSERS = 4;
  private static final int CHATS = 75;
  private static final double RATIO = 2;

  /// What the dribbling itself costs on a machine that does all of it.
  private static final double NOISE_MILLIS = 100;

  private static final int DRIBBLE_MILLIS = 500;

  private static RunningGatehouse gate(ScriptedUpstream upstream) throws Exception {
    return RunningGatehouse.towards(upstream.uri())
        .server("max-streams-per-user: 2000")
        .route("protocol: json")
        .start();
  }

  private static void chat(Browser browser, Latencies latencies) {
    long start = System.nanoTime();
    Reply reply = browser.post(PATH, Browser.MESSAGE);
    latencies.add(System.nanoTime() - start);
    assertEquals(200, reply.status(), reply::text);
    assertEquals("data: hello\n\n", reply.text());
  }

  private static void chats(RunningGatehouse gate, Latencies latencies) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < BROWSERS; i++) {
        Browser browser = gate.browser();
        all.add(
            threads.submit(() -> {
              for (int chat = 0; chat < CHATS; chat++) {
                chat(browser, latencies);
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  /// Connections that never come to the point, while this is open.
  private static final class Dribble implements AutoCloseable {
    private final List<Wire> wires = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    Dribble(RunningGatehouse gate, String token) throws Exception {
      String head =
          "POST %s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token=%s\r\n"
              .formatted(PATH, token);
      String body = "Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n{";
      for (int i = 0; i < SLOW; i++) {
        Wire wire = gate.wire();
        wires.add(wire);
        wire.send(i % 2 == 0 ? head + "X-Long: " : head + body);
      }
      gate.awaitMetric("gatehouse_streams_open{route=\"" + PATH + "\"} " + SLOW / 2 + ".0");
      Thread.ofVirtual().start(this::dribble);
    }

    private void dribble() {
      try {
        while (!over.await(DRIBBLE_MILLIS, TimeUnit.MILLISECONDS)) {
          for (Wire wire : wires) {
            wire.send(" ");
          }
        }
      } catch (IOException | InterruptedException _) {
        // the gate may lose its patience
      }
    }

    @Override
    public void close() throws IOException {
      over.countDown();
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  @Test
  void fault26ChatsDoNotNoticeSlowSenders() throws Exception {
    Latencies without = new Latencies();
    Latencies beside = new Latencies();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.answering("text/event-stream", "data: hello\n\n");
        RunningGatehouse gate = gate(upstream)) {
      String token = gate.issuer().tokenFor("user-2");
      chats(gate, new Latencies());
      chats(gate, new Latencies());
      for (int round = 0; round < ROUNDS; round++) {
        chats(gate, without);
        try (Dribble _ = new Dribble(gate, token)) {
          chats(gate, beside);
        }
      }
    }
    System.out.printf("chats: without %s; beside %d slow senders %s%n", without, SLOW, beside);
    assertTrue(
        beside.percentile(99) <= RATIO * without.percentile(99) + NOISE_MILLIS,
        () -> "without " + without + ", beside slow senders " + beside);
  }
}
