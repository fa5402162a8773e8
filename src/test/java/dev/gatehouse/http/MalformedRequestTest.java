package dev.gatehouse.http;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Attacks;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is no HTTP, or too much of it, ends before anything of ours: as a problem like any other.
final class MalformedRequestTest {
  private static final String CANARY = "canary";

  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate =
        RunningGatehouse.towards(upstream.uri())
            .server("max-header-size: 8KiB")
            .route("protocol: raw")
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  private void assertRefused(String request, ProblemCode code) throws Exception {
    try (LogCapture log = LogCapture.everything();
        Wire wire = gate.wire()) {
      wire.send(request + Attacks.PROBE);
      String head = wire.readHead();
      assertTrue(head.startsWith("HTTP/1.1 " + code.status() + " "), head);
      String lower = head.toLowerCase(Locale.ROOT);
      assertTrue(lower.contains("\r\ncontent-type: application/problem+json\r\n"), head);
      assertTrue(lower.contains("\r\ncache-control: no-store\r\n"), head);
      JsonNode problem = JsonMapper.shared().readTree(wire.read(length(lower)));
      assertEquals(code.text(), problem.get("code").asString());
      assertTrue(lower.contains("\r\nx-request-id: " + problem.get("requestId").asString()), head);
      assertFalse(problem.toString().contains(CANARY), problem::toString);
      assertEquals("", new String(wire.readToEnd(), StandardCharsets.ISO_8859_1), "the probe");
      assertEquals(code.text(), log.next().get("problem"));
      assertFalse(log.lines().toString().contains(CANARY), () -> log.lines().toString());
    }
    assertEquals(List.of(), upstream.requests());
  }

  private static int length(String head) {
    return head.lines()
        .filter(line -> line.startsWith("content-length: "))
        .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
        .findFirst()
        .orElseThrow();
  }

  private String post(String headers) {
    return "POST "
        + PATH
        + "?"
        + CANARY
        + " HTTP/1.1\r\nHost: x\r\nX-CSRF: 1\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
        + gate.issuer().tokenFor("user-1")
        + "\r\n"
        + headers
        + "\r\n\r\n";
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#heads")
  void fault22AmbiguousHeadIsRefused(String headers) throws Exception {
    assertRefused(post(headers), ProblemCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#requests")
  void fault22BrokenRequestLineIsRefused(String request) throws Exception {
    assertRefused(request, ProblemCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-None: 1", "Connection: keep-alive"})
  void fault22ChunkedBodyOfHttp10IsRefused(String connection) throws Exception {
    String head = post("Transfer-Encoding: chunked\r\n" + connection);
    String chunks = "2\r\n{}\r\n0\r\n\r\n";
    assertRefused(head.replace("HTTP/1.1", "HTTP/1.0") + chunks, ProblemCode.MALFORMED_REQUEST);
  }

  @Test
  void overlongTargetIsRefused() throws Exception {
    assertRefused(
        "GET /" + CANARY.repeat(2_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", ProblemCode.URI_TOO_LONG);
  }

  @Test
  void overlongHeadersAreRefused() throws Exception {
    assertRefused(
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + CANARY.repeat(2_000) + "\r\n\r\n",
        ProblemCode.HEADERS_TOO_LARGE);
  }

  @Test
  void headersUpToTheLimitAreTaken() throws Exception {
    try (Wire wire = gate.wire()) {
      wire.send(post("Content-Length: 0\r\nX-Long: " + "x".repeat(6_000)));
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
    }
  }
}
