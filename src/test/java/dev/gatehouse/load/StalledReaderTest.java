package dev.gatehouse.load;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A reader that takes the head of 200 MB and then nothing: the agent has to wait, the gate holds
/// next to nothing, and nothing is lost if the reader goes on.
final class StalledReaderTest {
  private static final int FEW = 160;
  private static final int MANY = 3200;
  private static final long MOST_HEAP = 1024 * 1024;

  /// What the sockets of both connections may take in; none of it is the gate's.
  private static final long MOST_UNDER_WAY = 64L * 1024 * 1024;

  private final Flood flood = new Flood();
  private final CountDownLatch never = new CountDownLatch(1);

  /// An answer that is read by hand, as far as one likes.
  private interface Answer extends AutoCloseable {
    /// The next bytes; empty at the end.
    byte[] next() throws IOException;

    @Override
    void close() throws IOException;

    static Answer open(RunningGatehouse gate, Transport transport, int blocks) throws Exception {
      String token = gate.issuer().tokenFor("user-1");
      return transport == Transport.H2C
          ? new OverHttp2(gate.frames(), token, blocks)
          : new OverHttp1(gate.wire(), token, blocks);
    }
  }

  private static final class OverHttp1 implements Answer {
    private final Wire wire;
    private long left;

    OverHttp1(Wire wire, String token, int blocks) throws IOException {
      this.wire = wire;
      this.left = Flood.length(blocks);
      String json = Flood.json(blocks);
      wire.send(
          ("POST %s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token=%s\r\n"
                  + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
              .formatted(PATH, token, json.length(), json));
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
    }

    @Override
    public byte[] next() throws IOException {
      byte[] bytes = wire.read((int) Math.min(left, 64 * 1024));
      left -= bytes.length;
      return bytes;
    }

    @Override
    public void close() throws IOException {
      wire.close();
    }
  }

  private static final class OverHttp2 implements Answer {
    private final Frames frames;
    private boolean over;

    OverHttp2(Frames frames, String token, int blocks) throws IOException {
      this.frames = frames;
      frames.send(Frames.HEADERS, Frames.END_HEADERS, 1, Frames.post(PATH, token));
      byte[] json = Flood.json(blocks).getBytes(StandardCharsets.US_ASCII);
      frames.send(Frames.DATA, Frames.END_STREAM, 1, json);
      frames.next(Frames.HEADERS, 1);
    }

    @Override
    public byte[] next() throws IOException {
      if (over) {
        return new byte[0];
      }
      Frames.Frame frame = frames.next();
      while (frame.type() != Frames.DATA) {
        if (frame.type() == Frames.RST_STREAM) {
          throw new EOFException("reset");
        }
        frame = frames.next();
      }
      over = frame.has(Frames.END_STREAM);
      int length = frame.payload().length;
      if (length > 0) {
        frames.send(Frames.WINDOW_UPDATE, 0, 0, Frames.number(length));
        frames.send(Frames.WINDOW_UPDATE, 0, 1, Frames.number(length));
      }
      return length > 0 ? frame.payload() : next();
    }

    @Override
    public void close() throws IOException {
      frames.close();
    }
  }

  private RunningGatehouse gate(ScriptedUpstream upstream, Transport transport, String idle)
      throws Exception {
    return RunningGatehouse.towards(upstream.uri())
        .over(transport)
        .route("protocol: json", "timeouts: {idle: " + idle + "}")
        .start();
  }

  /// Until the agent has not been able to write for a second.
  private void awaitPause() throws InterruptedException {
    long before = -1;
    for (long now = flood.written(); now == 0 || now != before; now = flood.written()) {
      before = now;
      assertTrue(!never.await(1, TimeUnit.SECONDS));
    }
    assertTrue(before < MOST_UNDER_WAY, () -> flood.written() + " bytes were taken");
  }

  private static byte[] hashOf(Answer answer) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (byte[] bytes = answer.next(); bytes.length > 0; bytes = answer.next()) {
      digest.update(bytes);
    }
    return digest.digest();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "H2C"})
  void agentWaitsAndNothingIsHeldAndNothingLost(Transport transport) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.forgetting(flood);
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream, transport, "60s")) {
      try (Answer warm = Answer.open(gate, transport, FEW)) {
        assertArrayEquals(Flood.hash(FEW), hashOf(warm));
      }
      log.next();
      long before = Footprint.heapNow();
      try (Answer answer = Answer.open(gate, transport, MANY)) {
        awaitPause();
        long grown = Footprint.heapNow() - before;
        System.out.printf(
            "stalled reader: %s, heap grew by %d bytes, %d bytes under way%n",
            transport, grown, flood.written());
        assertTrue(grown < MOST_HEAP, () -> "the heap grew by " + grown);
        assertArrayEquals(Flood.hash(MANY), hashOf(answer));
      }
      assertEquals("completed", log.next().get("outcome"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "H2C"})
  void readerThatTakesNothingForTooLongIsCutOffVisibly(Transport transport) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.forgetting(flood);
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream, transport, "2s");
        Answer answer = Answer.open(gate, transport, MANY)) {
      var line = log.next();
      assertEquals("client-closed", line.get("outcome"));
      assertEquals(200, line.get("status"));
      Await.that("the agent's answer is broken off", () -> flood.ended() == 1);
      assertTrue(flood.written() < MOST_UNDER_WAY);
      long taken = 0;
      try {
        for (byte[] bytes = answer.next(); bytes.length > 0; bytes = answer.next()) {
          taken += bytes.length;
        }
        throw new AssertionError("a clean end after " + taken);
      } catch (IOException _) {
        assertTrue(taken < Flood.length(MANY));
      }
    }
  }
}
