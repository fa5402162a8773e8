package dev.gatehouse.http;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderClockTest {
  private static final String USER = "GET /bff/user HTTP/1.1\r\nHost: x\r\n\r\n";

  private static RunningGatehouse gate(ScriptedUpstream upstream, Transport transport)
      throws Exception {
    return RunningGatehouse.towards(upstream.uri())
        .over(transport)
        .server("header-timeout: 1500ms")
        .start();
  }

  private static ScriptedUpstream upstream() {
    return ScriptedUpstream.answering("application/json", "{}");
  }

  private static void assertTimedOut(LogCapture log, Wire wire) throws Exception {
    String answer = new String(wire.readToEnd(), StandardCharsets.ISO_8859_1);
    assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
    assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
    assertTrue(answer.contains("\"code\":\"request-timeout\""), answer);
    assertEquals(2, answer.split("HTTP/1.1 ", -1).length, answer);
    Map<String, Object> line = log.next();
    assertEquals(408, line.get("status"));
    assertEquals("request-timeout", line.get("problem"));
    assertFalse(line.containsKey("route"));
    assertFalse(line.containsKey("outcome"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-A: 1"})
  void fault26RequestThatStopsIsAnswered(String beginning) throws Exception {
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1);
        LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(beginning);
      assertTimedOut(log, wire);
      gate.awaitMetric("gatehouse_rejections_total{reason=\"request-timeout\"} 1.0");
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1, a", "HTTP_1, '\r\n'", "TLS_HTTP_1, a"})
  void fault26RequestThatDripsIsAnswered(Transport transport, String drop) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, transport);
        LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(USER);
      wire.readHead();
      wire.read("{\"authenticated\":false}".length());
      assertEquals(200, log.next().get("status"));
      if (drop.equals("a")) {
        wire.send("GET / HTTP/1.1\r\nHost: x\r\nX-A: ");
      }
      Thread.ofVirtual().start(() -> drip(wire, drop, over));
      assertTimedOut(log, wire);
      over.countDown();
    }
  }

  private static void drip(Wire wire, String drop, CountDownLatch over) {
    try {
      while (!over.await(50, TimeUnit.MILLISECONDS)) {
        wire.send(drop);
      }
    } catch (IOException _) {
      // turned away
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void pipelinedRequestThatStopsIsAnsweredAfterTheOneBeforeIt() throws Exception {
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1);
        LogCapture log = LogCapture.access();
        Wire wire = gate.wire()) {
      wire.send(USER + "GET / HT");
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      wire.read("{\"authenticated\":false}".length());
      assertEquals(200, log.next().get("status"));
      assertTimedOut(log, wire);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"HTTP_1", "TLS_HTTP_1"})
  void silenceBetweenRequestsIsNoSlowRequest(Transport transport) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, transport);
        Wire wire = gate.wire()) {
      for (int i = 0; i < 2; i++) {
        wire.send(USER);
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
        wire.read("{\"authenticated\":false}".length());
        assertFalse(never.await(1800, TimeUnit.MILLISECONDS));
      }
    }
  }

  @Test
  void requestUnderWayIsLeftAlone() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              assertFalse(never.await(1800, TimeUnit.MILLISECONDS));
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            });
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1);
        Wire wire = gate.wire()) {
      String head =
          "POST "
              + PATH
              + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
              + gate.issuer().tokenFor("user-1")
              + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
      for (int i = 0; i < 2; i++) {
        wire.send(head.substring(0, 20));
        wire.send(head.substring(20));
        assertFalse(never.await(900, TimeUnit.MILLISECONDS));
        wire.send("{}");
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
        assertEquals("{}", new String(wire.read(2), StandardCharsets.US_ASCII));
      }
    }
  }

  @Test
  void handshakeThatStopsIsClosed() throws Exception {
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, Transport.TLS_HTTP_1);
        Wire wire = Wire.to(gate.uri().getPort())) {
      wire.send(new byte[] {22, 3, 1});
      assertEquals(0, wire.readToEnd().length);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"H2C", "H2"})
  void http2WithoutARequestIsClosed(Transport transport) throws Exception {
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, transport);
        Frames frames = gate.frames()) {
      assertThrows(EOFException.class, () -> frames.next(Frames.DATA));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"H2C", "H2"})
  void http2WithARequestStaysOpen(Transport transport) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, transport);
        Frames frames = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      for (int stream = 1; stream < 8; stream += 2) {
        frames.post(stream, headers);
        assertEquals(
            "{}",
            new String(frames.next(Frames.DATA, stream).payload(), StandardCharsets.US_ASCII));
        assertFalse(never.await(900, TimeUnit.MILLISECONDS));
      }
    }
  }

  @Test
  void manyRequestsInPiecesAreAllAnswered() throws Exception {
    try (ScriptedUpstream upstream = upstream();
        RunningGatehouse gate = gate(upstream, Transport.HTTP_1);
        Wire wire = gate.wire()) {
      for (int i = 0; i < 500; i++) {
        int cut = 1 + i % (USER.length() - 1);
        wire.send(USER.substring(0, cut)).send(USER.substring(cut));
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
        wire.read("{\"authenticated\":false}".length());
      }
      assertEquals(List.of(), upstream.requests());
      assertEquals(200, gate.browser().post(PATH, Browser.MESSAGE).status());
    }
  }
}
