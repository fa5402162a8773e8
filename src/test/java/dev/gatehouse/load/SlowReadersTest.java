package dev.gatehouse.load;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// 500 readers that take a little now and then, and one who takes everything at once: how long its
/// events are under way does not depend on them.
final class SlowReadersTest {
  /// A few, since the system puts megabytes into each of these connections.
  private static final int OVER_HTTP_1 = 100;

  private static final int OVER_HTTP_2 = 400;
  private static final int CONNECTIONS = 8;
  private static final String FLOOD = "{\"ask\":\"flood\"}";
  private static final int EVENTS = 300;
  private static final int EVENT_MILLIS = 5;

  /// Three times as long would be noise on a busy machine; a gate that waits for the slow ones
  /// would need seconds.
  private static final double RATIO = 3;

  private static final double NOISE_MILLIS = 100;
  private static final int NARROW = 4 * 1024;
  private static final int SIP = 1024;
  private static final int SIP_MILLIS = 200;

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger floods = new AtomicInteger();
  private final Queue<Exception> cutOff = new ConcurrentLinkedQueue<>();

  /// Floods the slow, and sends the time to the quick.
  private void answer(Received request, Wire wire) throws Exception {
    wire.send(ScriptedUpstream.eventStream());
    if (request.text().contains("flood")) {
      wire.sendBuffer(NARROW);
      floods.incrementAndGet();
      byte[] some = new byte[NARROW];
      while (over.getCount() > 0) {
        wire.sendChunk(some);
      }
      return;
    }
    for (int i = 0; i < EVENTS; i++) {
      wire.sendChunk(ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array());
      assertFalse(over.await(EVENT_MILLIS, TimeUnit.MILLISECONDS));
    }
    wire.sendLastChunk();
  }

  private static void ask(Wire wire, String token, String json) throws IOException {
    wire.send(
        ("POST %s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token=%s\r\n"
                + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
            .formatted(PATH, token, json.length(), json));
    assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
  }

  private static void readQuickly(RunningGatehouse gate, String token, Latencies latencies)
      throws Exception {
    try (Wire wire = gate.wire()) {
      ask(wire, token, "{\"ask\":\"time\"}");
      for (byte[] event = wire.readChunk(); event.length > 0; event = wire.readChunk()) {
        latencies.add(System.nanoTime() - ByteBuffer.wrap(event).getLong());
      }
    }
  }

  private void readSlowly(Wire wire) {
    slowly(() -> wire.read(SIP));
  }

  private void readSlowly(Frames frames) {
    slowly(() -> {
      Frames.Frame frame = frames.next();
      if (frame.type() == Frames.RST_STREAM || frame.type() == Frames.GOAWAY) {
        throw new IOException("broken off");
      }
      if (frame.type() == Frames.DATA && frame.payload().length > 0) {
        byte[] taken = Frames.number(frame.payload().length);
        frames.send(Frames.WINDOW_UPDATE, 0, 0, taken);
        frames.send(Frames.WINDOW_UPDATE, 0, frame.stream(), taken);
      }
    });
  }

  private void slowly(Sip sip) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (!over.await(SIP_MILLIS, TimeUnit.MILLISECONDS)) {
              sip.take();
            }
          } catch (IOException | InterruptedException e) {
            if (over.getCount() > 0) {
              cutOff.add(e);
            }
          }
        });
  }

  @FunctionalInterface
  private interface Sip {
    void take() throws IOException;
  }

  private List<AutoCloseable> slowReaders(RunningGatehouse gate, String token) throws Exception {
    List<AutoCloseable> all = new ArrayList<>();
    for (int i = 0; i < OVER_HTTP_1; i++) {
      Wire wire = Wire.narrow(gate.uri().getPort(), NARROW);
      all.add(wire);
      ask(wire, token, FLOOD);
      readSlowly(wire);
    }
    byte[] headers = Frames.post(PATH, token);
    for (int i = 0; i < CONNECTIONS; i++) {
      Frames frames = gate.frames();
      all.add(frames);
      for (int stream = 0; stream < OVER_HTTP_2 / CONNECTIONS; stream++) {
        int id = 2 * stream + 1;
        frames.send(Frames.HEADERS, Frames.END_HEADERS, id, headers);
        frames.send(Frames.DATA, Frames.END_STREAM, id, FLOOD.getBytes(StandardCharsets.US_ASCII));
      }
      readSlowly(frames);
    }
    Await.that("all are flooded", () -> floods.get() == OVER_HTTP_1 + OVER_HTTP_2);
    return all;
  }

  @Test
  void fault17QuickReaderDoesNotNoticeSlowOnes() throws Exception {
    Latencies alone = new Latencies();
    Latencies beside = new Latencies();
    try (ScriptedUpstream upstream = ScriptedUpstream.forgetting(this::answer);
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .server("max-streams-per-user: 1000")
                .route("protocol: json")
                .start()) {
      String token = gate.issuer().tokenFor("user-1");
      readQuickly(gate, token, new Latencies());
      readQuickly(gate, token, alone);
      List<AutoCloseable> slow = slowReaders(gate, token);
      readQuickly(gate, token, beside);
      over.countDown();
      for (AutoCloseable one : slow) {
        one.close();
      }
    }
    System.out.printf("quick reader: alone %s; beside slow ones %s%n", alone, beside);
    assertTrue(cutOff.isEmpty(), () -> "slow readers were cut off: " + cutOff);
    assertTrue(
        beside.percentile(99) <= RATIO * alone.percentile(99) + NOISE_MILLIS,
        () -> "alone " + alone + ", beside slow readers " + beside);
  }
}
