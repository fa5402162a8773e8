package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.net.SocketException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The clocks of an exchange: what each ends, and what none of them may.
final class ClocksTest {
  /// Longer than the patience of the container (30 s) and of the client library (10 s).
  private static final int LONG_SILENCE_SECONDS = 45;

  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private ScriptedUpstream silentAfterAnEvent() {
    return ScriptedUpstream.running((_, wire) -> {
      wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
      wire.awaitClose();
      closed.complete(null);
    });
  }

  /// All silences at once, since they take their time.
  @Test
  void fault14LongSilenceIsOnlySilence() throws Exception {
    try (ScriptedUpstream slowToBegin = silentFor(LONG_SILENCE_SECONDS, 0);
        ScriptedUpstream slowToGoOn = silentFor(0, LONG_SILENCE_SECONDS);
        ExecutorService pages = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Browser.Seen>> answers = new ArrayList<>();
      for (ScriptedUpstream upstream : List.of(slowToBegin, slowToGoOn)) {
        for (Transport transport : Transport.values()) {
          answers.add(pages.submit(() -> patient(upstream, transport)));
        }
      }
      for (Future<Browser.Seen> answer : answers) {
        assertEquals(new Browser.Seen(200, "data: 1\n\ndata: 2\n\n", true), answer.get());
      }
      assertEquals(Transport.values().length, slowToBegin.requests().size());
      assertEquals(Transport.values().length, slowToGoOn.requests().size());
    }
  }

  private static ScriptedUpstream silentFor(int secondsBeforeTheHead, int secondsAfterAnEvent) {
    CountDownLatch never = new CountDownLatch(1);
    return ScriptedUpstream.running((_, wire) -> {
      assertFalse(never.await(secondsBeforeTheHead, TimeUnit.SECONDS));
      wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
      assertFalse(never.await(secondsAfterAnEvent, TimeUnit.SECONDS));
      wire.sendChunk("data: 2\n\n").sendLastChunk();
    });
  }

  private static Browser.Seen patient(ScriptedUpstream upstream, Transport transport)
      throws Exception {
    try (RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      return gate.browser().waiting().take(PATH, Browser.MESSAGE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault15SilenceBeforeTheHeadersIsTimedOut(Transport transport) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.awaitClose();
              closed.complete(null);
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("protocol: json", "timeouts: {first-byte: 200ms}")
                .start()) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_TIMEOUT);
      closed.get(10, TimeUnit.SECONDS);
      assertEquals("first-byte-timeout", log.next().get("outcome"));
      assertEquals(1, upstream.requests().size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_1,idle: 200ms,idle-timeout",
    "TLS_HTTP_1,idle: 200ms,idle-timeout",
    "H2C,idle: 200ms,idle-timeout",
    "H2,idle: 200ms,idle-timeout",
    "HTTP_1,total: 500ms,total-timeout",
    "H2C,total: 500ms,total-timeout"
  })
  void fault15SilenceWithinAStreamBreaksItVisibly(Transport transport, String limit, String outcome)
      throws Exception {
    try (ScriptedUpstream upstream = silentAfterAnEvent();
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("timeouts: {" + limit + "}")
                .start()) {
      assertEquals(new Browser.Seen(200, "data: 1\n\n", false), gate.browser().take(PATH, "{}"));
      closed.get(10, TimeUnit.SECONDS);
      assertEquals(outcome, log.next().get("outcome"));
    }
  }

  @Test
  void streamIsBrokenWhenItsTokenExpires() throws Exception {
    try (ScriptedUpstream upstream = silentAfterAnEvent();
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("on-token-expiry: close").start()) {
      String token =
          gate.issuer()
              .token(claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(2))));
      assertEquals(
          new Browser.Seen(200, "data: 1\n\n", false),
          gate.stranger().signedInWith(token).take(PATH, "{}"));
      closed.get(10, TimeUnit.SECONDS);
      assertEquals("token-expired", log.next().get("outcome"));
    }
  }

  @Test
  void streamThatEndsWithItsTokenDoesNotBeginAfterIt() throws Exception {
    try (ScriptedUpstream upstream = silentAfterAnEvent();
        LogCapture audit = LogCapture.audit();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("on-token-expiry: close").start()) {
      String token =
          gate.issuer()
              .token(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(5))));
      gate.stranger().signedInWith(token).post(PATH, "{}").assertProblem(ProblemCode.TOKEN_EXPIRED);
      assertEquals("posture", audit.next().getOrDefault("decision", "posture"));
      assertEquals("deny", audit.next().get("decision"));
      assertEquals(List.of(), upstream.requests());
    }
  }

  /// Answers without a body, so that there is nothing but heads to be stuck in.
  @Test
  void fault16BrowserThatTakesNotEvenHeadsIsCutOff() throws Exception {
    String head = "HTTP/1.1 204 No Content\r\nX-Long: " + "x".repeat(6_000) + "\r\n\r\n";
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.send(head));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .route(
                    "protocol: json",
                    "timeouts: {idle: 500ms}",
                    "forward-response-headers: [X-Long]")
                .start();
        Wire wire = Wire.narrow(gate.uri().getPort(), 4_096)) {
      wire.send(gate.post("{}").repeat(200));
      Object outcome = log.next().get("outcome");
      int taken = 0;
      while ("completed".equals(outcome)) {
        taken++;
        outcome = log.next().get("outcome");
      }
      assertEquals("client-closed", outcome);
      assertTrue(taken > 0, "nothing was answered");
    }
  }

  /// The clock of the silent upstream stands still while the client takes its time, so only the
  /// limit for the client is left to end this.
  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "TLS_HTTP_1"})
  void fault16BrowserThatTakesNothingIsCutOff(Transport transport) throws Exception {
    byte[] chunk = new byte[16 * 1024];
    CompletableFuture<Integer> sent = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              int chunks = 0;
              try {
                for (; chunks < 12_800; chunks++) {
                  wire.sendChunk(chunk);
                }
              } finally {
                sent.complete(chunks);
              }
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("timeouts: {idle: 500ms}")
                .start();
        Wire wire = gate.wire()) {
      wire.send(gate.post("{}"));
      assertEquals("client-closed", log.next().get("outcome"));
      assertTrue(sent.get(10, TimeUnit.SECONDS) < 12_800, "it was not paused");
    }
  }

  /// What frames a body is none of it.
  @Test
  void fault15UpstreamThatSendsNothingButFramingIsSilent() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n").send("9;");
              try {
                for (int i = 0; i < 1000; i++) {
                  wire.send("x");
                  assertFalse(never.await(10, TimeUnit.MILLISECONDS));
                }
              } catch (SocketException _) {
                closed.complete(null);
              }
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("timeouts: {idle: 500ms}").start()) {
      assertFalse(gate.browser().take(PATH, Browser.MESSAGE).whole());
      assertEquals("idle-timeout", log.next().get("outcome"));
      closed.get(10, TimeUnit.SECONDS);
    }
  }
}
