package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A body that takes forever gets an answer and no more of our time, whether its sender is silent
/// or drips.
final class SlowBodyTest {
  private static RunningGatehouse gate(ScriptedUpstream upstream, Transport transport, String route)
      throws Exception {
    return RunningGatehouse.towards(upstream.uri())
        .over(transport)
        .server("body-timeout: 500ms")
        .route(route)
        .start();
  }

  private static String head(RunningGatehouse gate, String framing) {
    return "POST "
        + PATH
        + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nX-CSRF: 1\r\nCookie: auth_token="
        + gate.issuer().tokenFor("user-1")
        + "\r\nContent-Type: application/json\r\n"
        + framing
        + "\r\n\r\n";
  }

  private static void assertTimedOut(LogCapture log, Wire wire) throws Exception {
    String answer = new String(wire.readToEnd(), StandardCharsets.ISO_8859_1);
    assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
    assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
    assertTrue(answer.contains("\"code\":\"request-timeout\""), answer);
    assertRejected(log);
  }

  private static void assertRejected(LogCapture log) throws Exception {
    Map<String, Object> line = log.next();
    assertEquals(ProblemCode.REQUEST_TIMEOUT.status(), line.get("status"));
    assertEquals("request-timeout", line.get("problem"));
    assertEquals("rejected", line.get("outcome"));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_1, Content-Length: 100, {",
    "HTTP_1, Content-Length: 100, ''",
    "HTTP_1, Transfer-Encoding: chunked, ''",
    "HTTP_1, Transfer-Encoding: chunked, 5;a=b",
    "TLS_HTTP_1, Content-Length: 100, {"
  })
  void fault25SilentSenderGetsAnAnswer(Transport transport, String framing, String beginning)
      throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = gate(upstream, transport, "protocol: json");
        LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(head(gate, framing) + beginning);
      assertTimedOut(log, wire);
      assertEquals(List.of(), upstream.requests());
    }
  }

  @Test
  void fault25DrippingSenderGetsAnAnswer() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1, "protocol: json");
        LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(head(gate, "Content-Length: 100000"));
      Thread.ofVirtual().start(() -> drip(wire, over));
      assertTimedOut(log, wire);
      over.countDown();
      assertEquals(List.of(), upstream.requests());
    }
  }

  /// A byte every 50 ms.
  private static void drip(Wire wire, CountDownLatch over) {
    try {
      while (!over.await(50, TimeUnit.MILLISECONDS)) {
        wire.send(" ");
      }
    } catch (IOException _) {
      // turned away
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void steadySenderIsNotHurried() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1, "protocol: json");
        Wire wire = gate.wire()) {
      wire.send(head(gate, "Transfer-Encoding: chunked"));
      for (int i = 0; i < 30; i++) {
        wire.sendChunk(" ".repeat(100));
        assertFalse(never.await(50, TimeUnit.MILLISECONDS));
      }
      wire.sendChunk("{}").sendLastChunk();
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void silentUploadGetsAnAnswerAndTheUpstreamIsLetGo() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.receiving((_, wire) -> {
              wire.awaitClose();
              letGo.countDown();
            });
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1, "protocol: raw");
        LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(head(gate, "Content-Length: 100") + "{");
      upstream.await();
      assertTimedOut(log, wire);
      assertTrue(letGo.await(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void silentStreamOfHttp2GetsAnAnswerAndItsSiblingsGoOn() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = gate(upstream, Transport.H2C, "protocol: json");
        LogCapture log = LogCapture.access();
        Frames frames = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      frames.send(Frames.HEADERS, Frames.END_HEADERS, 1, headers);
      frames.send(Frames.DATA, 0, 1, "{".getBytes(StandardCharsets.US_ASCII));
      String problem = "";
      while (!problem.contains("request-timeout")) {
        problem = new String(frames.next(Frames.DATA, 1).payload(), StandardCharsets.ISO_8859_1);
      }
      assertRejected(log);
      assertEquals(List.of(), upstream.requests());
      frames.post(3, headers);
      assertEquals(
          "{}", new String(frames.next(Frames.DATA, 3).payload(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void clientThatWaitsForLeaveToSendGetsIt() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1, "protocol: json");
        Wire wire = gate.wire()) {
      wire.send(head(gate, "Content-Length: 2\r\nExpect: 100-continue"));
      assertTrue(wire.readHead().startsWith("HTTP/1.1 100 "));
      wire.send("{}");
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
    }
  }
}
