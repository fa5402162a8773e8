package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Leaving;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Browsers that leave over HTTP/1.1, where the container does not tell; see [Http2EndingTest] for
/// where it does.
final class LeavingTest {
  /// What every single one must keep, on a machine however busy.
  private static final Duration ALWAYS = Duration.ofSeconds(1);

  /// What one of a few must keep.
  private static final Duration USUALLY = Duration.ofMillis(100);

  private static final int ROUNDS = 5;
  private static final String EVENT = "data: 1\n\n";
  private static final String EVENT_CHUNK = "9\r\n" + EVENT;

  private final BlockingQueue<Long> closed = new LinkedBlockingQueue<>();

  static Stream<Arguments> allWays() {
    return Stream.of(Transport.HTTP_1, Transport.TLS_HTTP_1)
        .flatMap(transport ->
            Stream.of(Leaving.values()).map(leaving -> Arguments.of(transport, leaving)));
  }

  private void awaitClose(Wire wire) throws Exception {
    wire.awaitClose();
    closed.add(System.nanoTime());
  }

  private ScriptedUpstream silentAfterAnEvent() {
    return ScriptedUpstream.running((_, wire) -> {
      wire.send(ScriptedUpstream.eventStream()).sendChunk(EVENT);
      awaitClose(wire);
    });
  }

  private ScriptedUpstream silent() {
    return ScriptedUpstream.running((_, wire) -> awaitClose(wire));
  }

  /// How long the upstream's connection outlives the browser's.
  private Duration outlived(Leaving leaving, Wire wire, LogCapture log) throws Exception {
    long left = System.nanoTime();
    leaving.leave(wire);
    Long end = closed.poll(10, TimeUnit.SECONDS);
    assertTrue(end != null, "the upstream is not let go");
    assertEquals("client-closed", log.next().get("outcome"));
    Duration taken = Duration.ofNanos(end - left);
    assertTrue(taken.compareTo(ALWAYS) < 0, taken::toString);
    return taken;
  }

  private static void assertUsually(Duration best) {
    assertTrue(best.compareTo(USUALLY) < 0, () -> "at best " + best);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @ParameterizedTest
  @MethodSource("allWays")
  void fault07BrowserThatLeavesInASilenceCancelsTheUpstream(Transport transport, Leaving leaving)
      throws Exception {
    Duration best = ALWAYS;
    try (ScriptedUpstream upstream = silentAfterAnEvent();
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      for (int i = 0; i < ROUNDS; i++) {
        try (Wire wire = gate.wire()) {
          wire.send(gate.post("{}"));
          assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
          wire.read(EVENT_CHUNK.length());
          best = shorter(best, outlived(leaving, wire, log));
        }
      }
      assertEquals(ROUNDS, upstream.requests().size());
    }
    assertUsually(best);
  }

  @ParameterizedTest
  @MethodSource("allWays")
  void fault08BrowserThatLeavesBeforeTheHeadersCancelsTheUpstream(
      Transport transport, Leaving leaving) throws Exception {
    Duration best = ALWAYS;
    try (ScriptedUpstream upstream = silent();
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      for (int i = 0; i < ROUNDS; i++) {
        try (Wire wire = gate.wire()) {
          wire.send(gate.post("{}"));
          upstream.await();
          best = shorter(best, outlived(leaving, wire, log));
        }
      }
    }
    assertUsually(best);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "TLS_HTTP_1"})
  void fault10HalfCloseIsLeavingAndBreaksTheAnswerVisibly(Transport transport) throws Exception {
    try (ScriptedUpstream upstream = silentAfterAnEvent();
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start();
        Wire wire = gate.wire()) {
      wire.send(gate.post("{}"));
      wire.readHead();
      wire.read(EVENT_CHUNK.length());
      outlived(Leaving.HALF_CLOSE, wire, log);
      String rest = new String(wire.readToEnd(), StandardCharsets.ISO_8859_1);
      assertTrue(!rest.contains("0\r\n\r\n"), rest);
    }
  }

  @Test
  void browserThatSentMoreThanItsRequestIsStillSeenToLeave() throws Exception {
    try (ScriptedUpstream upstream = silentAfterAnEvent();
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(gate.post("{}") + "GET / HTTP/1.1\r\n");
      wire.readHead();
      wire.read(EVENT_CHUNK.length());
      wire.send("Host: x\r\n");
      outlived(Leaving.CLOSE, wire, log);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "TLS_HTTP_1"})
  void connectionServesTheNextRequestAfterACompletedStream(Transport transport) throws Exception {
    try (ScriptedUpstream upstream = whole();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start();
        Wire wire = gate.wire()) {
      for (int i = 0; i < 100; i++) {
        wire.send(gate.post("{}"));
        assertAnswered(wire);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "TLS_HTTP_1"})
  void pipelinedRequestsAreAnsweredInOrder(Transport transport) throws Exception {
    try (ScriptedUpstream upstream = whole();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start();
        Wire wire = gate.wire()) {
      wire.send(gate.post("{}").repeat(3));
      for (int i = 0; i < 50; i++) {
        wire.send(gate.post("{}"));
        assertAnswered(wire);
      }
      for (int i = 0; i < 3; i++) {
        assertAnswered(wire);
      }
    }
  }

  private static ScriptedUpstream whole() {
    return ScriptedUpstream.running(
        (_, wire) -> wire.send(ScriptedUpstream.eventStream()).sendChunk(EVENT).sendLastChunk());
  }

  private static void assertAnswered(Wire wire) throws Exception {
    wire.readHead();
    assertEquals(EVENT, new String(wire.readChunks(), StandardCharsets.UTF_8));
  }
}
