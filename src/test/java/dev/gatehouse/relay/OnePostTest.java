package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A message is posted once, whatever its answer looks like.
final class OnePostTest {

  private static RunningGatehouse plain(ScriptedUpstream upstream) throws Exception {
    return RunningGatehouse.towards(upstream.uri()).route("protocol: json").start();
  }

  @Test
  void fault11UpstreamThatClosesWithoutAnAnswerIsAskedOnce() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.close());
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = plain(upstream)) {
      gate.browser().post(PATH, Browser.MESSAGE).assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      assertEquals(1, upstream.requests().size());
      assertEquals("upstream-failed", log.next().get("outcome"));
    }
  }

  /// The connection worked before, which is when client libraries dare to ask again.
  @Test
  void fault11UpstreamThatClosesAUsedConnectionWithoutAnAnswerIsAskedOnce() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((request, wire) -> {
              if (request.text().contains("last")) {
                wire.close();
              } else {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
              }
            });
        RunningGatehouse gate = plain(upstream)) {
      assertEquals(200, gate.browser().post(PATH, "{}").status());
      gate.browser().post(PATH, "{\"last\":true}").assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      assertEquals(2, upstream.requests().size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "307 Temporary Redirect,Location: /chatkit",
    "308 Permanent Redirect,Location: /chatkit",
    "301 Moved Permanently,Location: http://127.0.0.1:1/",
    "401 Unauthorized,WWW-Authenticate: Basic",
    "408 Request Timeout,Connection: close",
    "421 Misdirected Request,X-A: b",
    "503 Service Unavailable,Retry-After: 0",
    "503 Service Unavailable,Retry-After: 99999999999"
  })
  void fault12AnswerThatAsksForAnotherRequestIsPassedOn(String status, String header)
      throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(
                    "HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: 0\r\n\r\n"));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = plain(upstream)) {
      Reply reply = gate.browser().post(PATH, Browser.MESSAGE);
      assertEquals(Integer.parseInt(status.substring(0, 3)), reply.status());
      assertEquals(1, upstream.requests().size());
      assertEquals("completed", log.next().get("outcome"));
    }
  }

  @Test
  void fault28InterimAnswersAreSkippedAndTheFinalOneComesOnce() throws Exception {
    String interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send("HTTP/1.1 100 Continue\r\n\r\n" + interim + interim)
                    .send("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"));
        RunningGatehouse gate = plain(upstream);
        var wire = gate.wire()) {
      for (int i = 0; i < 2; i++) {
        wire.send(gate.post("{}"));
        String head = wire.readHead();
        assertTrue(head.startsWith("HTTP/1.1 201 ") && !head.contains("Link"), head);
        assertEquals("ok", new String(wire.read(2), java.nio.charset.StandardCharsets.US_ASCII));
      }
      assertEquals(2, upstream.requests().size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void fault28AnswerWithoutABodyHasNone(String status) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running(
                (_, wire) -> wire.send("HTTP/1.1 " + status + "\r\nETag: \"v\"\r\n\r\n"));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = plain(upstream);
        var wire = gate.wire()) {
      for (int i = 0; i < 2; i++) {
        wire.send(gate.post("{}"));
        String head = wire.readHead();
        assertTrue(head.startsWith("HTTP/1.1 " + status.substring(0, 4)), head);
        assertTrue(!head.contains("Transfer-Encoding"), head);
        assertEquals("completed", log.next().get("outcome"));
      }
    }
  }

  /// The answer is there before the body was taken, which then is not wanted any more.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fault28AnswerThatComesBeforeTheBodyWasReadIsPassedOn(boolean closes) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.receiving((_, wire) -> {
              wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n");
              wire.send(closes ? "Connection: close\r\n\r\n" : "\r\n");
              if (closes) {
                wire.halfClose();
              }
              wire.awaitClose();
            });
        RunningGatehouse gate = plain(upstream)) {
      Reply reply = gate.browser().post(PATH, "{\"a\":\"" + "x".repeat(4 << 20) + "\"}");
      assertEquals(413, reply.status());
      assertEquals(Optional.of("0"), reply.header("Content-Length"));
      assertEquals(1, upstream.requests().size());
    }
  }
}
