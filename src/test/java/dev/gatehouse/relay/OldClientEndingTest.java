package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.EOFException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// To a client of HTTP/1.0 an answer ends where the connection does, so one that broke off can be
/// told from a complete one only by the way the connection ends: by reset, not orderly.
final class OldClientEndingTest {
  private static final String EVENT = "data: 1\n\n";

  private static Wire asked(RunningGatehouse gate) throws Exception {
    Wire wire = gate.wire();
    wire.send(
        "POST "
            + PATH
            + " HTTP/1.0\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
            + gate.issuer().tokenFor("user-1")
            + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
    assertEquals(EVENT, new String(wire.read(EVENT.length()), StandardCharsets.US_ASCII));
    return wire;
  }

  private static RunningGatehouse.Builder gate(ScriptedUpstream upstream, Transport transport) {
    return RunningGatehouse.towards(upstream.uri()).over(transport);
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"HTTP_1", "TLS_HTTP_1"})
  void answerTheUpstreamBrokeOffEndsInAReset(Transport transport) throws Exception {
    Semaphore read = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk(EVENT);
              read.acquire();
              wire.close();
            });
        RunningGatehouse gate = gate(upstream, transport).start();
        Wire wire = asked(gate)) {
      read.release();
      assertThrows(SocketException.class, () -> wire.read(1));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"HTTP_1", "TLS_HTTP_1"})
  void answerThatALimitCutOffEndsInAReset(Transport transport) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk(EVENT);
              wire.awaitClose();
            });
        RunningGatehouse gate = gate(upstream, transport).route("timeouts: {idle: 1s}").start();
        Wire wire = asked(gate)) {
      assertThrows(SocketException.class, () -> wire.read(1));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"HTTP_1", "TLS_HTTP_1"})
  void completeAnswerEndsOrderly(Transport transport) throws Exception {
    Semaphore read = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk(EVENT);
              read.acquire();
              wire.sendLastChunk();
            });
        RunningGatehouse gate = gate(upstream, transport).start();
        Wire wire = asked(gate)) {
      read.release();
      assertThrows(EOFException.class, () -> wire.read(1));
    }
  }
}
