package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How an exchange ends over HTTP/1.1 under TLS, where leaving has more forms.
final class TlsEndingTest {
  private static final Duration NOTICED = Duration.ofSeconds(1);

  enum Leaving {
    ORDERLY {
      @Override
      void leave(Wire wire) throws Exception {
        wire.close();
      }
    },
    WITHOUT_A_WORD {
      @Override
      void leave(Wire wire) throws Exception {
        wire.drop();
      }
    },
    RESET {
      @Override
      void leave(Wire wire) throws Exception {
        wire.reset();
      }
    },
    HALF_CLOSE {
      @Override
      void leave(Wire wire) throws Exception {
        wire.halfClose();
      }
    };

    abstract void leave(Wire wire) throws Exception;
  }

  private static RunningGatehouse gate(ScriptedUpstream upstream, String... route)
      throws Exception {
    return RunningGatehouse.towards(upstream.uri()).over(Transport.TLS_HTTP_1).route(route).start();
  }

  private static String request(RunningGatehouse gate) {
    return "POST "
        + PATH
        + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
        + gate.issuer().tokenFor("user-1")
        + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  }

  @ParameterizedTest
  @EnumSource
  void browserThatLeavesDuringSilenceCancelsTheUpstream(Leaving leaving) throws Exception {
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              closed.complete(wire.awaitClose());
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate));
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      wire.read("9\r\ndata: 1\n\n".length());
      assertNoticed(leaving, wire, closed, log);
    }
  }

  @ParameterizedTest
  @EnumSource
  void browserThatLeavesBeforeTheFirstByteCancelsTheUpstream(Leaving leaving) throws Exception {
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> closed.complete(wire.awaitClose()));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate));
      upstream.await();
      assertNoticed(leaving, wire, closed, log);
    }
  }

  private static void assertNoticed(
      Leaving leaving, Wire wire, CompletableFuture<Duration> closed, LogCapture log)
      throws Exception {
    long left = System.nanoTime();
    leaving.leave(wire);
    closed.get(10, TimeUnit.SECONDS);
    Duration taken = Duration.ofNanos(System.nanoTime() - left);
    assertTrue(taken.compareTo(NOTICED) < 0, taken::toString);
    assertEquals("client-closed", log.next().get("outcome"));
  }

  @Test
  void upstreamThatBreaksLeavesAVisiblyBrokenAnswer() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\nda");
              wire.close();
            });
        RunningGatehouse gate = gate(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate));
      wire.readHead();
      String rest = new String(wire.readToEnd(), StandardCharsets.UTF_8);
      assertTrue(!rest.contains("\r\n0\r\n"), rest);
    }
  }

  @Test
  void connectionServesTheNextRequestAfterACompletedStream() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(ScriptedUpstream.eventStream())
                    .sendChunk("data: 1\n\n")
                    .sendLastChunk());
        RunningGatehouse gate = gate(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate).repeat(3));
      for (int i = 0; i < 50; i++) {
        wire.send(request(gate));
        wire.readHead();
        assertEquals("data: 1\n\n", new String(wire.readChunks(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void browserThatTakesNothingIsCutOff() throws Exception {
    byte[] chunk = new byte[16 * 1024];
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              for (int i = 0; i < 10_000; i++) {
                wire.sendChunk(chunk);
              }
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream, "timeouts: {idle: 500ms}");
        Wire wire = gate.wire()) {
      wire.send(request(gate));
      assertEquals("client-closed", log.next().get("outcome"));
    }
  }
}
