package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Attacks;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A body whose chunks are not framed to the letter is turned away like any other that is not HTTP,
/// and what follows it on the connection is never taken for a request.
final class BrokenFramingTest {
  private static String head(RunningGatehouse gate) {
    return "POST "
        + PATH
        + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nX-CSRF: 1\r\nCookie: auth_token="
        + gate.issuer().tokenFor("user-1")
        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  private static void assertRefused(RunningGatehouse gate, String chunks) throws Exception {
    try (LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(head(gate) + chunks + Attacks.PROBE);
      String answer = new String(wire.readToEnd(), StandardCharsets.ISO_8859_1);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
      assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
      assertTrue(answer.contains("\"code\":\"malformed-request\""), answer);
      assertEquals(2, answer.split("HTTP/1.1 ", -1).length, answer);
      Map<String, Object> line = log.next();
      assertEquals("rejected", line.get("outcome"));
      assertEquals("malformed-request", line.get("problem"));
      assertEquals(PATH, line.get("route"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#chunks")
  void fault22BrokenChunkIsMalformed(String chunks) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      assertRefused(gate, chunks);
      assertEquals(List.of(), upstream.requests());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"HTTP_1", "TLS_HTTP_1"})
  void brokenUploadIsMalformedAndTheUpstreamIsLetGo(Transport transport) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.receiving((_, wire) -> wire.awaitClose());
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("protocol: raw")
                .start()) {
      assertRefused(gate, "2\r\n{}zz\r\n");
    }
  }

  @Test
  void bodyThatBreaksOffIsAClientThatLeft() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(head(gate) + "5\r\n{");
      wire.halfClose();
      assertEquals("", new String(wire.readToEnd(), StandardCharsets.ISO_8859_1));
      assertEquals("client-closed", log.next().get("outcome"));
      assertEquals(List.of(), upstream.requests());
    }
  }
}
