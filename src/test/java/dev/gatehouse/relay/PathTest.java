package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Which paths are a route's, and which could be read as another by some server on the way.
final class PathTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate =
        RunningGatehouse.towards(upstream.uri())
            .path("/api/files/*")
            .route("protocol: raw", "methods: [GET, DELETE]")
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  private String head(String target) throws Exception {
    try (Wire wire = gate.wire()) {
      wire.send(
          "GET "
              + target
              + " HTTP/1.1\r\nHost: "
              + gate.uri().getAuthority()
              + "\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
              + gate.issuer().tokenFor("user-1")
              + "\r\n\r\n");
      return wire.readHead();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/files,/chatkit",
    "/api/files/,/chatkit/",
    "/api/files/a/b.txt,/chatkit/a/b.txt",
    "/api/files/a?x=1&y=%2Fz&&=,/chatkit/a?x=1&y=%2Fz&&=",
    "/api/files/a?,/chatkit/a?",
    "/api/files/x?q={O|[^`]%7E+~!$()*@:/?,/chatkit/x?q={O|[^`]%7E+~!$()*@:/?",
    "/api/files/a?q=..%2f..;x\\\\&r=//,/chatkit/a?q=..%2f..;x\\\\&r=//",
    "/api/files/%C3%A4%20b/c~d-e_f.g,/chatkit/%C3%A4%20b/c~d-e_f.g",
    "/api/files/a:b@c!$&()*+=d,/chatkit/a:b@c!$&()*+=d",
    "/api/files/.hidden/..also/a..b/...,/chatkit/.hidden/..also/a..b/..."
  })
  void restOfThePathAndQueryGoOnAsTheyAre(String target, String expected) throws Exception {
    assertTrue(head(target).startsWith("HTTP/1.1 200 "));
    assertEquals("GET " + expected + " HTTP/1.1", upstream.await().line());
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#targets")
  void fault23PathThatCanBeReadInTwoWaysReachesNoUpstream(String target) throws Exception {
    String head = head(target);
    assertTrue(head.matches("(?s)HTTP/1\\.1 (400|404) .*"), head);
    assertProblemHead(head);
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void absoluteFormOfTheGateItselfIsServed() throws Exception {
    assertTrue(head(gate.uri() + "/api/files/a").startsWith("HTTP/1.1 200 "));
    assertEquals("GET /chatkit/a HTTP/1.1", upstream.await().line());
  }

  @Test
  void slashAfterAnExactPathIsAnotherPath() throws Exception {
    try (RunningGatehouse exact =
        RunningGatehouse.towards(upstream.uri()).route("protocol: json").start()) {
      assertEquals(404, exact.browser().post(RunningGatehouse.PATH + "/", "{}").status());
      assertEquals(200, exact.browser().post(RunningGatehouse.PATH, "{}").status());
      assertEquals(1, upstream.requests().size());
    }
  }

  private static void assertProblemHead(String head) {
    String lower = head.toLowerCase(java.util.Locale.ROOT);
    assertTrue(lower.contains("\r\ncontent-type: application/problem+json\r\n"), head);
    assertTrue(lower.contains("\r\nx-request-id: "), head);
    assertTrue(lower.contains("\r\ncache-control: no-store\r\n"), head);
  }
}
