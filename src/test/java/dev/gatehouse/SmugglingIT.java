package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Attacks;
import dev.gatehouse.testing.PackagedGate;
import dev.gatehouse.testing.PackagedGates;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes that two servers could read differently, sent to the packaged program over raw sockets. A
/// harmless request follows in the same bytes: it is answered only where the one before it was
/// understood, and the upstream sees what was understood and nothing else.
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(PackagedGates.class)
final class SmugglingIT {
  private final PackagedGate gate;

  SmugglingIT(PackagedGate gate) {
    this.gate = gate.forgetful();
  }

  private void assertRefused(String attack) throws Exception {
    List<Reply> replies = gate.answers(attack + Attacks.PROBE);
    assertEquals(1, replies.size(), "answers");
    replies.getFirst().assertProblem(ProblemCode.MALFORMED_REQUEST);
    assertEquals(List.of(), gate.reached());
  }

  /// Checks that the attack was taken for exactly one request, which got this status.
  private void assertOne(int status, String attack) throws Exception {
    List<Reply> replies = gate.answers(attack + Attacks.PROBE);
    assertEquals(status, replies.getFirst().status(), replies.getFirst()::text);
    if (replies.size() > 1) {
      assertEquals("{\"authenticated\":false}", replies.get(1).text());
    }
    assertTrue(replies.size() <= 2, "answers");
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#heads")
  void fault22AmbiguousHeadEndsTheConnection(String headers) throws Exception {
    assertRefused(gate.head("POST " + PATH, headers));
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#requests")
  void fault22BrokenRequestEndsTheConnection(String request) throws Exception {
    assertRefused(request);
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#chunks")
  void fault22BrokenChunkEndsTheConnection(String chunks) throws Exception {
    assertRefused(gate.head("POST " + PATH, "Transfer-Encoding: chunked") + chunks);
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#decoys")
  void fault22RequestWithOneReadingIsOneRequest(String headers) throws Exception {
    assertOne(200, gate.head("POST " + PATH, headers) + "{}");
    List<Received> reached = gate.reached();
    assertEquals(1, reached.size());
    assertEquals("POST /chatkit HTTP/1.1", reached.getFirst().line());
    assertEquals(Optional.empty(), reached.getFirst().header("Upgrade"));
    assertEquals(Optional.empty(), reached.getFirst().header("Transfer_Encoding"));
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#trailers")
  void fault22TrailerIsNoHeader(String trailer) throws Exception {
    String body = "2;a=\"b\"\r\n{}\r\n0\r\n" + trailer + "\r\n\r\n";
    assertOne(200, gate.head("POST " + PATH, "Transfer-Encoding: chunked") + body);
    List<Received> reached = gate.reached();
    assertEquals(1, reached.size());
    assertFalse(reached.getFirst().head().contains("forged"), reached.getFirst().head());
    assertFalse(reached.getFirst().text().contains("forged"), reached.getFirst().text());
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#targets")
  void fault23PathWithTwoReadingsReachesNoUpstream(String target) throws Exception {
    List<Reply> replies = gate.answers(gate.head("GET " + target) + Attacks.PROBE);
    int status = replies.getFirst().status();
    assertTrue(status == 400 || status == 404, () -> status + " for " + target);
    assertTrue(replies.size() <= 2, "answers");
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void fault23PathOfTheRouteReachesTheUpstream() throws Exception {
    assertOne(200, gate.head("GET /api/files/a?q=/../%2f;x"));
    assertEquals("GET /chatkit/a?q=/../%2f;x HTTP/1.1", gate.reached().getFirst().line());
  }

  @Test
  void fault23SlashAfterAnExactPathIsAnotherPath() throws Exception {
    for (String end : List.of("/", ".", "%20", "%00", "%3f", ";a", "/..")) {
      List<Reply> replies = gate.answers(gate.head("POST " + PATH + end) + Attacks.PROBE);
      int status = replies.getFirst().status();
      assertTrue(status == 400 || status == 404, () -> status + " for " + end);
    }
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void fault22ChunkedBodyOfHttp10EndsTheConnection() throws Exception {
    for (String connection : List.of("X-None: 1", "Connection: keep-alive")) {
      String head = gate.head("POST " + PATH, "Transfer-Encoding: chunked", connection);
      assertRefused(head.replace("HTTP/1.1", "HTTP/1.0") + "2\r\n{}\r\n0\r\n\r\n");
    }
  }

  @Test
  void fault22BodyOfAGetIsNoRequest() throws Exception {
    String smuggled = gate.head("POST " + PATH, "Content-Length: 2") + "{}";
    String length = "Content-Length: " + smuggled.length();
    assertOne(405, gate.head("GET " + PATH, length) + smuggled);
    assertOne(400, gate.head("GET /api/files/a", length) + smuggled);
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void fault22ExpectationThatNobodyKnowsIsRefused() throws Exception {
    List<Reply> replies =
        gate.answers(
            gate.head("POST " + PATH, "Expect: 200-maybe", "Content-Length: 2")
                + "{}"
                + Attacks.PROBE);
    assertTrue(replies.getFirst().status() >= 400, () -> "" + replies.getFirst().status());
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void fault22BodyThatIsNotSentIsNotMadeUpFromTheNextRequest() throws Exception {
    String refused =
        gate.headWith("", "POST " + PATH, "Expect: 100-continue", "Content-Length: 99");
    assertOne(401, refused);
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void fault22TunnelAndTraceAreRefused() throws Exception {
    for (String line : List.of("CONNECT evil.example:443", "TRACE " + PATH, "TRACK " + PATH)) {
      List<Reply> replies = gate.answers(gate.head(line) + Attacks.PROBE);
      int status = replies.getFirst().status();
      assertTrue(status == 400 || status == 404 || status == 405, () -> status + " for " + line);
      assertFalse(replies.getFirst().text().contains("Cookie"));
    }
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void fault22SpacesInTheRequestLineMeanNothing() throws Exception {
    for (String line : List.of("POST  " + PATH, "POST " + PATH + " ")) {
      assertOne(200, gate.head(line, "Content-Length: 2") + "{}");
      assertEquals("POST /chatkit HTTP/1.1", gate.reached().getFirst().line());
    }
  }

  /// In the clear it begins HTTP/2, in which a request in plain text is no frame; under TLS what is
  /// spoken was agreed on before.
  @Test
  void fault22PrefaceOfHttp2OpensNoWayBesideHttp1() throws Exception {
    try (Wire wire = gate.wire()) {
      wire.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + gate.head("POST " + PATH) + Attacks.PROBE);
      String answer = new String(wire.readToEnd(), StandardCharsets.ISO_8859_1);
      assertFalse(answer.contains("HTTP/1.1 2"), answer);
      assertFalse(answer.contains("authenticated"), answer);
    }
    assertEquals(List.of(), gate.reached());
  }
}
