package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One event per decision, and nothing in it that could name anybody.
final class AuditTest {
  private static final String CANARY = "kanarienvogel";
  private static final String KEY = "audit: {key: 0123456789abcdef0123456789abcdef}";
  private static final String LIST = "{\"type\":\"threads.list\",\"params\":{}}";

  private final Semaphore finish = new Semaphore(0);
  private final ScriptedUpstream upstream =
      ScriptedUpstream.running((_, wire) -> {
        wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
        finish.acquire();
        wire.sendLastChunk();
      });

  @AfterEach
  void stop() throws Exception {
    finish.release(1_000);
    upstream.close();
  }

  private RunningGatehouse.Builder gate(String... more) {
    finish.release(20);
    String scopes = "  required-scopes: [chat]";
    return RunningGatehouse.towards(upstream.uri()).with(scopes, String.join("\n", more));
  }

  private static String token(RunningGatehouse gate, String subject) {
    return gate.issuer().token(claims -> claims.subject(subject).claim("scope", "chat"));
  }

  private static Browser as(RunningGatehouse gate, String subject) {
    return gate.stranger().signedInWith(token(gate, subject));
  }

  private static Map<String, Object> assertEvent(
      LogCapture audit, String decision, String reason, String cause) throws Exception {
    Map<String, Object> event = audit.next();
    assertEquals(decision, event.get("decision"), event::toString);
    assertEquals(reason, event.getOrDefault("reason", "-"), event::toString);
    assertEquals(cause, event.getOrDefault("cause", "-"), event::toString);
    return event;
  }

  private static void assertDenied(LogCapture audit, String reason, String cause) throws Exception {
    assertEvent(audit, "deny", reason, cause);
  }

  @Test
  void successIsOneEventWithAllThereIsToSay() throws Exception {
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      String id = as(gate, "a").post(PATH, LIST).header("X-Request-Id").orElseThrow();
      Map<String, Object> event = assertEvent(audit, "allow", "-", "-");
      assertEquals(id, event.get("requestId"));
      assertEquals(PATH, event.get("route"));
      assertEquals("POST", event.get("method"));
      assertEquals("threads.list", event.get("operation"));
      assertEquals(200, event.get("status"));
      assertEquals("completed", event.get("outcome"));
      assertTrue(event.get("who") instanceof String who && who.matches("[0-9a-f]{32}"));
      assertTrue(event.get("from") instanceof String from && from.matches("[0-9a-f]{32}"));
      assertEquals(
          Set.of(
              "requestId",
              "decision",
              "who",
              "from",
              "route",
              "method",
              "operation",
              "status",
              "outcome"),
          event.keySet());
      String line = audit.lines().getFirst();
      assertTrue(line.contains("\"logger_name\":\"gatehouse.audit\""), line);
      assertEquals(1, audit.lines().size());
    }
  }

  /// An event comes after its answer: each is waited for before the next request is sent.
  private static void assertRefused(
      RunningGatehouse gate, LogCapture audit, String request, String reason) throws Exception {
    try (Wire wire = gate.wire()) {
      wire.send(request + "\r\n\r\n").readHead();
    }
    assertTrue(assertEvent(audit, "deny", reason, "-").get("from") instanceof String);
  }

  @Test
  void whatIsNoHttpIsAnEvent() throws Exception {
    String large = "x".repeat(40_000);
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      String post = "POST " + PATH + " HTTP/1.1\r\nHost: x\r\n";
      assertRefused(gate, audit, post + "A b: c", "malformed-request");
      assertRefused(gate, audit, "GET /" + large + " HTTP/1.1\r\nHost: x", "uri-too-long");
      assertRefused(gate, audit, post + "A: " + large, "headers-too-large");
      assertEquals(3, audit.lines().size());
    }
  }

  @Test
  void refusalsBeforeTheTokenAreEvents() throws Exception {
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      Browser known = as(gate, "a");
      known.post("/nowhere", LIST);
      assertDenied(audit, "not-found", "-");
      known.get(PATH);
      assertDenied(audit, "method-not-allowed", "-");
      known.with("Sec-Fetch-Site", "cross-site").post(PATH, LIST);
      assertDenied(audit, "cross-site-request", "fetch-site");
      known.without("Sec-Fetch-Site").post(PATH, LIST);
      assertDenied(audit, "cross-site-request", "no-evidence");
      known.without("Sec-Fetch-Site").with("Origin", "https://a.example").post(PATH, LIST);
      assertDenied(audit, "cross-site-request", "origin");
      known.post(PATH, RequestBody.create("x", MediaType.get("text/plain")));
      assertDenied(audit, "cross-site-request", "upload");
      gate.stranger().post(PATH, LIST);
      Map<String, Object> stranger = assertEvent(audit, "deny", "not-authenticated", "-");
      assertFalse(stranger.containsKey("who"));
      assertEquals("rejected", stranger.get("outcome"));
      assertEquals(401, stranger.get("status"));
      known.with("Cookie", "auth_token=a; auth_token=b").post(PATH, LIST);
      assertDenied(audit, "ambiguous-cookie", "-");
      assertEquals(8, audit.lines().size());
    }
  }

  @Test
  void refusedTokensAreEventsWithTheReason() throws Exception {
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      Browser stranger = gate.stranger();
      String good = token(gate, "a");
      stranger.signedInWith("abc").post(PATH, LIST);
      assertDenied(audit, "invalid-token", "not-a-compact-jws");
      stranger.signedInWith(good.substring(0, good.length() - 8) + "AAAAAAAA").post(PATH, LIST);
      Map<String, Object> forged = assertEvent(audit, "deny", "invalid-token", "signature");
      assertFalse(forged.containsKey("who"), "a forged subject is nobody");
      stranger.signedInWith(gate.issuer().token(c -> c.issuer("https://x.example"))).post(PATH, "");
      assertDenied(audit, "invalid-token", "issuer");
      String old = gate.issuer().token(c -> c.expirationTime(Date.from(Instant.EPOCH)));
      stranger.signedInWith(old).post(PATH, LIST);
      assertDenied(audit, "token-expired", "expired");
      stranger.signedInWith(gate.issuer().tokenFor("a")).post(PATH, LIST);
      assertDenied(audit, "insufficient-scope", "required-scope");
      assertEquals(5, audit.lines().size());
    }
  }

  @Test
  void refusalsAfterTheTokenAreEventsOfThatUser() throws Exception {
    try (RunningGatehouse gate = gate().route("protocol: json", "max-body-size: 1KiB").start();
        LogCapture audit = LogCapture.audit()) {
      Browser known = as(gate, "a");
      known.with("X-CSRF", "1").post(PATH, RequestBody.create("x", MediaType.get("text/plain")));
      Object who = assertEvent(audit, "deny", "unsupported-media-type", "-").get("who");
      assertTrue(who instanceof String);
      known.post(PATH, "{\"a\":\"" + "x".repeat(2_000) + "\"}");
      assertDenied(audit, "body-too-large", "-");
      known.post(PATH, "{");
      assertDenied(audit, "malformed-json", "-");
      known.with("X-Page-Context", "!").post(PATH, "{}");
      assertEquals(who, assertEvent(audit, "deny", "malformed-page-context", "-").get("who"));
      assertEquals(4, audit.lines().size());
    }
  }

  @Test
  void limitsAreEvents() throws Exception {
    try (RunningGatehouse gate =
            gate().server("max-streams-per-user: 1", "max-streams: 2").start();
        LogCapture audit = LogCapture.audit()) {
      finish.drainPermits();
      try (Response one = as(gate, "a").open(PATH, LIST);
          Response two = as(gate, "b").open(PATH, LIST)) {
        assertEquals(400, one.code() + two.code());
        as(gate, "a").post(PATH, LIST);
        assertDenied(audit, "too-many-streams", "-");
        as(gate, "c").post(PATH, LIST);
        assertDenied(audit, "overloaded", "-");
      }
      assertEvent(audit, "allow", "-", "-");
      assertEvent(audit, "allow", "-", "-");
      assertEquals(4, audit.lines().size());
    }
    try (RunningGatehouse gate =
            gate()
                .server(
                    "rate-limit: {per-user: {requests: 1, per: 1h},"
                        + " per-address: {requests: 2, per: 1h}}")
                .start();
        LogCapture audit = LogCapture.audit()) {
      for (int i = 0; i < 3; i++) {
        as(gate, "a").post(PATH, LIST);
      }
      assertEvent(audit, "allow", "-", "-");
      assertTrue(assertEvent(audit, "deny", "rate-limited", "per-user").containsKey("who"));
      assertFalse(assertEvent(audit, "deny", "rate-limited", "per-address").containsKey("who"));
    }
  }

  @Test
  void missingKeysAndDrainAreEvents() throws Exception {
    TestIssuer issuer = TestIssuer.start();
    String token = issuer.token(claims -> claims.claim("scope", "chat"));
    issuer.close();
    try (RunningGatehouse gate = gate().startWith(issuer);
        LogCapture audit = LogCapture.audit()) {
      gate.stranger().signedInWith(token).post(PATH, LIST);
      assertDenied(audit, "keys-unavailable", "-");
    }
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      finish.drainPermits();
      try (Response held = as(gate, "a").open(PATH, LIST)) {
        assertEquals(200, held.code());
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual()
            .start(() -> {
              try {
                gate.gate().drain();
                done.countDown();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
        while (gate.operator().get("/readyz").status() == 200) {
          Thread.onSpinWait();
        }
        as(gate, "a").post(PATH, LIST).assertProblem(ProblemCode.DRAINING);
        assertDenied(audit, "draining", "-");
        finish.release();
        done.await();
      }
      assertEvent(audit, "allow", "-", "-");
      assertEquals(2, audit.lines().size());
    }
  }

  @Test
  void whatTheAgentDoesIsAnOutcomeAndNoRefusal() throws Exception {
    upstream.close();
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      as(gate, "a").post(PATH, LIST);
      Map<String, Object> event = assertEvent(audit, "allow", "upstream-unreachable", "-");
      assertEquals("upstream-failed", event.get("outcome"));
      assertEquals(502, event.get("status"));
      as(gate, "a").post(PATH, Browser.MESSAGE);
      Map<String, Object> framed = assertEvent(audit, "allow", "upstream-unreachable", "-");
      assertEquals(200, framed.get("status"), "ChatKit is told inside a stream");
      assertEquals(2, audit.lines().size());
    }
  }

  @Test
  void clientThatLeavesIsOneEvent() throws Exception {
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      finish.drainPermits();
      try (Response response = as(gate, "a").open(PATH, LIST)) {
        assertEquals(200, response.code());
      }
      Map<String, Object> left = assertEvent(audit, "allow", "-", "-");
      assertEquals("client-closed", left.get("outcome"));
      try (Wire wire = gate.wire()) {
        wire.send(gate.postWith(token(gate, "a"), LIST).replace("Length: ", "Length: 9"));
      }
      Map<String, Object> early = assertEvent(audit, "deny", "client-left", "-");
      assertEquals("client-closed", early.get("outcome"));
      assertTrue(early.get("who") instanceof String && early.get("from") instanceof String);
      assertEquals(2, audit.lines().size());
    }
  }

  @Test
  void preflightIsAnEventAndPagesOfTheGateAreNone() throws Exception {
    try (RunningGatehouse gate =
            gate("cross-site: {allowed-origins: ['https://partner.example']}").start();
        LogCapture audit = LogCapture.audit()) {
      gate.browser().get("/bff/user");
      gate.browser().get("/bff/client.js");
      gate.stranger()
          .with("Origin", "https://partner.example")
          .with("Access-Control-Request-Method", "POST")
          .send("OPTIONS", PATH, null);
      assertEvent(audit, "allow", "preflight", "-");
      assertEquals(1, audit.lines().size());
    }
  }

  @Test
  void unknownOperationsAndMethodsAreWordsFromTheWire() throws Exception {
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      as(gate, "a").post(PATH, "{\"type\":\"" + CANARY + "\"}");
      assertFalse(assertEvent(audit, "allow", "-", "-").containsKey("operation"));
      as(gate, "a").send(CANARY, PATH, null);
      assertEquals("other", assertEvent(audit, "deny", "method-not-allowed", "-").get("method"));
      audit.lines().forEach(line -> assertFalse(line.contains(CANARY), line));
    }
  }

  @Test
  void usersAreToldApartByKeyedHash() throws Exception {
    Object who;
    Object from;
    try (RunningGatehouse gate = gate(KEY).start();
        LogCapture audit = LogCapture.audit()) {
      as(gate, "a").post(PATH, LIST);
      as(gate, "a").post(PATH, LIST);
      as(gate, "b").post(PATH, LIST);
      Map<String, Object> first = audit.next();
      who = first.get("who");
      from = first.get("from");
      assertEquals(who, audit.next().get("who"));
      assertNotEquals(who, audit.next().get("who"));
    }
    try (RunningGatehouse gate = gate(KEY).start();
        LogCapture audit = LogCapture.audit()) {
      as(gate, "a").post(PATH, LIST);
      Map<String, Object> elsewhere = audit.next();
      assertEquals(from, elsewhere.get("from"), "a key outlives the process");
      assertNotEquals(who, elsewhere.get("who"), "the same subject of another issuer");
    }
  }

  @Test
  void withoutKeyEveryStartHasNamesOfItsOwn() throws Exception {
    Object before;
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      gate.stranger().post(PATH, LIST);
      before = audit.next().get("from");
    }
    try (RunningGatehouse gate = gate().start();
        LogCapture audit = LogCapture.audit()) {
      gate.stranger().post(PATH, LIST);
      Object after = audit.next().get("from");
      assertTrue(before instanceof String && after instanceof String);
      assertNotEquals(before, after);
    }
  }

  @Test
  void addressIsPlainOnlyIfAskedFor() throws Exception {
    try (RunningGatehouse gate =
            gate("audit: {addresses: plain}").server("trusted-proxies: [127.0.0.1]").start();
        LogCapture audit = LogCapture.audit()) {
      gate.stranger().post(PATH, LIST);
      assertEquals("127.0.0.1", audit.next().get("from"));
      gate.stranger().with("X-Forwarded-For", "192.0.2.1").post(PATH, LIST);
      assertEquals("192.0.2.1", audit.next().get("from"));
    }
  }

  @Test
  void auditCanBeSwitchedOff() throws Exception {
    try (LogCapture audit = LogCapture.audit();
        LogCapture access = LogCapture.access();
        RunningGatehouse gate = gate("audit: {enabled: false}").start()) {
      gate.stranger().post(PATH, LIST);
      assertEquals("not-authenticated", access.next().get("problem"));
      assertEquals(List.of(), audit.lines());
    }
  }

  @Test
  void startIsAnEventAboutWhatIsEnforced() throws Exception {
    try (LogCapture audit = LogCapture.audit();
        RunningGatehouse gate = gate("cross-site: {mode: log-only}").start()) {
      assertTrue(gate.uri().getPort() > 0);
      Map<String, Object> posture = audit.next();
      assertEquals("log-only", posture.get("crossSite"));
      assertEquals("random", posture.get("auditKey"));
      assertEquals("off", posture.get("ratePerUser"));
      assertEquals(false, posture.get("hostCookie"));
      assertTrue(audit.lines().getFirst().contains("\"message\":\"posture\""));
    }
  }

  @Test
  void nothingThatWasSentIsInAnEvent() throws Exception {
    try (RunningGatehouse gate = gate().path(PATH + "/*").start();
        LogCapture audit = LogCapture.audit()) {
      String token =
          gate.issuer().token(c -> c.subject(CANARY).claim("scope", "chat").claim("name", CANARY));
      for (Browser browser :
          List.of(
              gate.stranger().signedInWith(token),
              gate.stranger().signedInWith(token + CANARY),
              gate.stranger().with("Cookie", "auth_token=" + CANARY),
              gate.stranger().with("Origin", "https://" + CANARY).without("Sec-Fetch-Site"))) {
        browser
            .with("User-Agent", CANARY)
            .with("X-Forwarded-For", CANARY)
            .with("X-Request-Id", CANARY)
            .post(PATH + "/" + CANARY + "?" + CANARY, "{\"type\":\"" + CANARY + "\"}");
        assertEquals(PATH + "/*", audit.next().get("route"));
      }
      for (String line : audit.lines()) {
        assertFalse(line.contains(CANARY), line);
        for (String part : token.split("\\.", -1)) {
          assertFalse(line.contains(part), line);
        }
        assertFalse(line.contains("127.0.0.1"), line);
      }
      assertEquals(4, audit.lines().size());
    }
  }
}
