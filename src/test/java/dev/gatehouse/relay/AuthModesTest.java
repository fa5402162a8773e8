package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.CookieSeal;
import dev.gatehouse.auth.TestIntrospection;
import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.config.CookieKeyConfig;
import dev.gatehouse.config.EncryptionConfig;
import dev.gatehouse.config.SecretSource;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The ways of `auth.mode` and `cookie.encryption`, seen by browser and agent.
@Timeout(60)
final class AuthModesTest {
  private static final String KEY = "A".repeat(43);
  private static final String ENCRYPTION = "encryption: {keys: [{id: k, key: " + KEY + "}]";
  private static final String BODY = "{\"type\":\"threads.list\",\"metadata\":{\"userId\":\"x\"}}";

  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");

  @AfterEach
  void stop() throws Exception {
    upstream.close();
  }

  @Test
  void passthroughHandsTheTokenOnAndKnowsNobody() throws Exception {
    try (RunningGatehouse gate = start("mode: passthrough")) {
      Browser browser = gate.stranger().signedInWith("opaque.~+/-_=");
      assertEquals(200, browser.post(RunningGatehouse.PATH, BODY).status());
      Received received = upstream.await();
      assertEquals(Optional.of("Bearer opaque.~+/-_="), received.header("Authorization"));
      assertEquals(Optional.empty(), received.header("X-User-ID"));
      assertEquals("{\"type\":\"threads.list\",\"metadata\":{}}", received.text());
      assertEquals("{\"authenticated\":true,\"verified\":false}", browser.get("/bff/user").text());
    }
  }

  @Test
  void passthroughLetsNobodyClaimToBeSomebody() throws Exception {
    try (RunningGatehouse gate = start("mode: passthrough")) {
      gate.stranger()
          .signedInWith("opaque")
          .with("X-User-ID", "admin")
          .post(RunningGatehouse.PATH, "{}");
      assertEquals(Optional.empty(), upstream.await().header("X-User-ID"));
    }
  }

  @Test
  void passthroughStillNeedsOneTokenThatLooksLikeOne() throws Exception {
    try (RunningGatehouse gate = start("mode: passthrough")) {
      gate.stranger()
          .post(RunningGatehouse.PATH, "{}")
          .assertProblem(ProblemCode.NOT_AUTHENTICATED);
      gate.stranger()
          .signedInWith("a,b")
          .post(RunningGatehouse.PATH, "{}")
          .assertProblem(ProblemCode.INVALID_TOKEN);
      assertEquals("{\"authenticated\":false}", gate.stranger().get("/bff/user").text());
      assertEquals(List.of(), upstream.requests());
    }
  }

  @Test
  void passthroughWarnsAtEveryStart() throws Exception {
    try (LogCapture log = LogCapture.everything();
        RunningGatehouse gate = start("mode: passthrough")) {
      assertTrue(gate.uri().getPort() > 0);
      assertTrue(log.lines().stream().anyMatch(line -> line.contains("auth.mode is passthrough")));
    }
  }

  @Test
  void introspectedTokenBecomesAUser() throws Exception {
    try (TestIntrospection issuer = TestIntrospection.start();
        RunningGatehouse gate = introspecting(issuer)) {
      issuer.know("opaque-1", "{\"active\":true,\"sub\":\"u-7\",\"aud\":\"agent-api\"}");
      Browser browser = gate.stranger().signedInWith("opaque-1");
      assertEquals(200, browser.post(RunningGatehouse.PATH, BODY).status());
      Received received = upstream.await();
      assertEquals(Optional.of("Bearer opaque-1"), received.header("Authorization"));
      assertEquals(Optional.of("u-7"), received.header("X-User-ID"));
      assertTrue(received.text().contains("\"userId\":\"u-7\""), received.text());
      assertEquals("{\"authenticated\":true,\"id\":\"u-7\"}", browser.get("/bff/user").text());
      gate.stranger()
          .signedInWith("opaque-2")
          .post(RunningGatehouse.PATH, "{}")
          .assertProblem(ProblemCode.INVALID_TOKEN);
      gate.awaitMetric("gatehouse_introspection_total{result=\"active\"} 1.0");
    }
  }

  @Test
  void issuerThatIsDownIs503ForPageAndAgent() throws Exception {
    try (TestIntrospection issuer = TestIntrospection.start();
        RunningGatehouse gate = introspecting(issuer)) {
      issuer.goDown();
      Browser browser = gate.stranger().signedInWith("opaque-1");
      Reply reply = browser.post(RunningGatehouse.PATH, "{}");
      reply.assertProblem(ProblemCode.KEYS_UNAVAILABLE);
      assertEquals(Optional.of("5"), reply.header("Retry-After"));
      browser.get("/bff/user").assertProblem(ProblemCode.KEYS_UNAVAILABLE);
      browser
          .with("Accept", "text/event-stream")
          .post(RunningGatehouse.PATH, "{\"type\":\"threads.create\"}")
          .assertProblem(ProblemCode.KEYS_UNAVAILABLE);
    }
  }

  @Test
  void severalIssuersAreTrustedAndCountedApart() throws Exception {
    try (TestIssuer other = TestIssuer.start()) {
      String line = "  - {issuer: '%s', audience: [agent-api]}";
      try (RunningGatehouse gate =
          start("issuers:", line.formatted("ISSUER"), line.formatted(other.issuer()))) {
        for (String token : List.of(gate.issuer().tokenFor("a"), other.tokenFor("b"))) {
          Browser browser = gate.stranger().signedInWith(token);
          assertEquals(200, browser.post(RunningGatehouse.PATH, "{}").status());
        }
        for (String name : List.of(gate.issuer().issuer(), other.issuer())) {
          String label = "{issuer=\"" + name + "\",result=\"loaded\"} 1.0";
          gate.awaitMetric("gatehouse_issuer_refresh_total" + label);
          gate.awaitMetric("gatehouse_condition{condition=\"signing-keys " + name + "\"} 1.0");
        }
      }
    }
  }

  @Test
  void sealedCookieIsOpenedForTheAgentAndForThePage() throws Exception {
    try (RunningGatehouse gate = encrypting(ENCRYPTION + "}")) {
      String token = gate.issuer().tokenFor("user-9");
      Browser browser = gate.stranger().signedInWith(seal().seal(token).orElseThrow());
      assertEquals(200, browser.post(RunningGatehouse.PATH, "{}").status());
      assertEquals(Optional.of("Bearer " + token), upstream.await().header("Authorization"));
      assertTrue(browser.get("/bff/user").text().contains("\"id\":\"user-9\""));
    }
  }

  @Test
  void bareTokenIsRefusedWhereCookiesAreSealed() throws Exception {
    try (RunningGatehouse gate = encrypting(ENCRYPTION + "}")) {
      gate.browser().post(RunningGatehouse.PATH, "{}").assertProblem(ProblemCode.INVALID_TOKEN);
      assertEquals("{\"authenticated\":false}", gate.browser().get("/bff/user").text());
      assertEquals(List.of(), upstream.requests());
    }
  }

  @Test
  void brokenSealIsRefused() throws Exception {
    try (RunningGatehouse gate = encrypting(ENCRYPTION + ", accept-plain: true}")) {
      String value = seal().seal(gate.issuer().tokenFor("user-9")).orElseThrow();
      gate.stranger()
          .signedInWith(value.substring(0, value.length() - 2) + "AA")
          .post(RunningGatehouse.PATH, "{}")
          .assertProblem(ProblemCode.INVALID_TOKEN);
      assertEquals(List.of(), upstream.requests());
    }
  }

  @Test
  void sealDoesNotMakeATokenGood() throws Exception {
    try (RunningGatehouse gate = encrypting(ENCRYPTION + "}")) {
      for (String bad : List.of("opaque", "aa.bb.cc")) {
        gate.stranger()
            .signedInWith(seal().seal(bad).orElseThrow())
            .post(RunningGatehouse.PATH, "{}")
            .assertProblem(ProblemCode.INVALID_TOKEN);
      }
    }
  }

  @Test
  void bothAreAcceptedMeanwhileIfTheFileSaysSo() throws Exception {
    try (LogCapture log = LogCapture.everything();
        RunningGatehouse gate = encrypting(ENCRYPTION + ", accept-plain: true}")) {
      assertEquals(200, gate.browser().post(RunningGatehouse.PATH, "{}").status());
      String sealed = seal().seal(gate.issuer().tokenFor("user-9")).orElseThrow();
      Browser browser = gate.stranger().signedInWith(sealed);
      assertEquals(200, browser.post(RunningGatehouse.PATH, "{}").status());
      assertTrue(log.lines().stream().anyMatch(line -> line.contains("accept-plain is true")));
      assertFalse(log.lines().stream().anyMatch(line -> line.contains(KEY)));
    }
  }

  @Test
  void opaqueTokensCanBeSealedToo() throws Exception {
    try (RunningGatehouse gate =
        RunningGatehouse.towards(upstream.uri())
            .auth("mode: passthrough")
            .with("cookie:", "  " + ENCRYPTION + "}")
            .start()) {
      gate.stranger()
          .signedInWith(seal().seal("opaque").orElseThrow())
          .post(RunningGatehouse.PATH, "{}");
      assertEquals(Optional.of("Bearer opaque"), upstream.await().header("Authorization"));
    }
  }

  private static CookieSeal seal() {
    CookieKeyConfig key = new CookieKeyConfig(Optional.of("k"), new SecretSource(KEY));
    return CookieSeal.of(new EncryptionConfig(List.of(key), false), InstantSource.system());
  }

  private RunningGatehouse start(String... auth) throws Exception {
    return RunningGatehouse.towards(upstream.uri()).auth(auth).start();
  }

  private RunningGatehouse encrypting(String encryption) throws Exception {
    return RunningGatehouse.towards(upstream.uri()).with("cookie:", "  " + encryption).start();
  }

  private RunningGatehouse introspecting(TestIntrospection issuer) throws Exception {
    return start(
        "mode: introspection",
        "issuer: " + issuer.issuer(),
        "audience: [agent-api]",
        "introspection: {client-id: gate, client-secret: hush}");
  }
}
