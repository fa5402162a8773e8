package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How an exchange ends when it does not end well: seen from both sides and in the log.
final class EndingTest {
  private static final Duration NOTICED = Duration.ofSeconds(1);

  enum Leaving {
    CLOSE {
      @Override
      void leave(Wire wire) throws Exception {
        wire.close();
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

  private static String request(RunningGatehouse gate, String more) {
    return "POST "
        + PATH
        + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
        + gate.issuer().tokenFor("user-1")
        + "\r\nContent-Type: application/json\r\n"
        + more
        + "Content-Length: 2\r\n\r\n{}";
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
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate, ""));
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      wire.read("9\r\ndata: 1\n\n".length());
      long left = System.nanoTime();
      leaving.leave(wire);
      closed.get(10, TimeUnit.SECONDS);
      assertNoticed(left);
      assertEquals("client-closed", log.next().get("outcome"));
    }
  }

  @Test
  void browserThatSentMoreThanItsRequestIsStillSeenToLeave() throws Exception {
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              closed.complete(wire.awaitClose());
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate, "") + "GET / HTTP/1.1\r\n");
      wire.readHead();
      wire.send("Host: x\r\n");
      long left = System.nanoTime();
      Leaving.CLOSE.leave(wire);
      closed.get(10, TimeUnit.SECONDS);
      assertNoticed(left);
      assertEquals("client-closed", log.next().get("outcome"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void browserThatLeavesBeforeTheFirstByteCancelsTheUpstream(Leaving leaving) throws Exception {
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> closed.complete(wire.awaitClose()));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate, ""));
      upstream.await();
      long left = System.nanoTime();
      leaving.leave(wire);
      closed.get(10, TimeUnit.SECONDS);
      assertNoticed(left);
      assertEquals("client-closed", log.next().get("outcome"));
    }
  }

  private static void assertNoticed(long left) {
    Duration taken = Duration.ofNanos(System.nanoTime() - left);
    assertTrue(taken.compareTo(NOTICED) < 0, taken::toString);
  }

  @ParameterizedTest
  @EnumSource(
      value = Leaving.class,
      names = {"CLOSE", "RESET"})
  void upstreamThatBreaksLeavesAVisiblyBrokenAnswer(Leaving leaving) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\nda");
              leaving.leave(wire);
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate, ""));
      wire.readHead();
      String rest = new String(wire.readToEnd(), StandardCharsets.UTF_8);
      assertTrue(rest.isEmpty() || rest.startsWith("B\r\ndata: 1\n\nda"), rest);
      assertTrue(!rest.contains("\r\n0\r\n"), rest);
      assertEquals("upstream-failed", log.next().get("outcome"));
    }
  }

  @Test
  void brokenAnswerLooksBrokenAlsoWhereTheClientAskedToClose() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              wire.close();
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate, "Connection: close\r\n"));
      assertTrue(wire.readHead().toLowerCase(Locale.ROOT).contains("chunked"));
      assertTrue(!new String(wire.readToEnd(), StandardCharsets.UTF_8).contains("\r\n0\r\n"));
    }
  }

  @Test
  void shortAnswerIsVisiblyShort() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnine byte");
              wire.close();
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate, ""));
      assertTrue(wire.readHead().contains("Content-Length: 100"));
      assertTrue(wire.readToEnd().length < 100);
    }
  }

  @Test
  void connectionServesTheNextRequestAfterACompletedStream() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(ScriptedUpstream.eventStream())
                    .sendChunk("data: 1\n\n")
                    .sendLastChunk());
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      for (int i = 0; i < 100; i++) {
        wire.send(request(gate, ""));
        wire.readHead();
        assertEquals("data: 1\n\n", new String(wire.readChunks(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(ScriptedUpstream.eventStream())
                    .sendChunk("data: 1\n\n")
                    .sendLastChunk());
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send(request(gate, "").repeat(5));
      for (int i = 0; i < 5; i++) {
        wire.readHead();
        assertEquals("data: 1\n\n", new String(wire.readChunks(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void silenceBeforeTheHeadersIsTimedOut() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.awaitClose());
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .route("protocol: json", "timeouts: {first-byte: 200ms}")
                .start()) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_TIMEOUT);
      assertEquals("first-byte-timeout", log.next().get("outcome"));
    }
  }

  @Test
  void silenceWithinAStreamIsTimedOut() throws Exception {
    assertBrokenBy("timeouts: {idle: 200ms}", "idle-timeout");
  }

  @Test
  void streamIsCutAtTheTotalLimit() throws Exception {
    assertBrokenBy("timeouts: {total: 500ms}", "total-timeout");
  }

  private static void assertBrokenBy(String setting, String outcome) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              wire.awaitClose();
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).route(setting).start();
        Wire wire = gate.wire()) {
      wire.send(request(gate, ""));
      wire.readHead();
      assertTrue(!new String(wire.readToEnd(), StandardCharsets.UTF_8).contains("\r\n0\r\n"));
      assertEquals(outcome, log.next().get("outcome"));
    }
  }

  @Test
  void streamIsBrokenWhenItsTokenExpires() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              wire.awaitClose();
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("on-token-expiry: close").start();
        Wire wire = gate.wire()) {
      String token =
          gate.issuer()
              .token(claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(2))));
      wire.send(request(gate, "").replaceFirst("auth_token=[^\r]+", "auth_token=" + token));
      wire.readHead();
      wire.readToEnd();
      assertEquals("token-expired", log.next().get("outcome"));
    }
  }

  @Test
  void upstreamThatClosesWithoutAnAnswerIsAskedOnce() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.close());
        RunningGatehouse gate = plain(upstream)) {
      gate.browser().post(PATH, Browser.MESSAGE).assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      assertEquals(1, upstream.requests().size());
    }
  }

  @Test
  void redirectAndRetryAnswersArePassedOnAndNotFollowed() throws Exception {
    for (String head :
        new String[] {
          "307 Temporary Redirect\r\nLocation: /chatkit",
          "408 Request Timeout",
          "503 Service Unavailable\r\nRetry-After: 0"
        }) {
      try (ScriptedUpstream upstream =
              ScriptedUpstream.running(
                  (_, wire) -> wire.send("HTTP/1.1 " + head + "\r\nContent-Length: 0\r\n\r\n"));
          RunningGatehouse gate = plain(upstream)) {
        int status = gate.browser().post(PATH, Browser.MESSAGE).status();
        assertEquals(Integer.parseInt(head.substring(0, 3)), status);
        assertEquals(1, upstream.requests().size());
      }
    }
  }

  @Test
  void ambiguousLengthOfTheUpstreamIsRefused() throws Exception {
    for (String headers :
        new String[] {
          "Content-Length: 2\r\nContent-Length: 3",
          "Content-Length: 2\r\nTransfer-Encoding: chunked",
          "Content-Length: x",
          "Transfer-Encoding: gzip, chunked"
        }) {
      try (ScriptedUpstream upstream =
              ScriptedUpstream.running(
                  (_, wire) -> wire.send("HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n{}"));
          RunningGatehouse gate = plain(upstream)) {
        gate.browser()
            .post(PATH, Browser.MESSAGE)
            .assertProblem(ProblemCode.UPSTREAM_PROTOCOL_ERROR);
      }
    }
  }

  @Test
  void upstreamThatSwitchesProtocolsIsRefused() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n"));
        RunningGatehouse gate = plain(upstream)) {
      gate.browser().post(PATH, Browser.MESSAGE).assertProblem(ProblemCode.UPSTREAM_PROTOCOL_ERROR);
    }
  }

  private static RunningGatehouse plain(ScriptedUpstream upstream) throws Exception {
    return RunningGatehouse.towards(upstream.uri()).route("protocol: json").start();
  }
}
