package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.ProbeServer.Answer;
import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.CookieConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
  private static final CookieConfig PLAIN = new CookieConfig("auth_token");
  private static final CookieConfig HOST_ONLY = new CookieConfig("__Host-auth_token");

  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = TestIssuer.start(clock);
  private final SigningKeys keys =
      new SigningKeys(new IssuerEndpoints(issuer.config(), Duration.ofSeconds(5)), clock, _ -> {});
  private final Authenticator authenticator = Authenticator.of(PLAIN, issuer.config(), keys, clock);
  private ProbeServer strict;
  private ProbeServer asking;

  AuthenticatorTest() throws Exception {
    strict = ProbeServer.running((request, _) -> authenticator.authenticate(request).subject());
    asking =
        ProbeServer.running(
            (request, _) -> authenticator.present(request).map(Caller::subject).orElse("nobody"));
  }

  @BeforeEach
  void loadKeys() {
    keys.refresh();
  }

  @AfterEach
  void stop() {
    strict.close();
    asking.close();
    keys.close();
    issuer.close();
  }

  @Test
  void callerComesFromTheCookie() throws Exception {
    String cookie = cookie(issuer.tokenFor("user-7"));
    assertEquals("user-7", strict.send("GET /", cookie).body());
    assertEquals("user-7", asking.send("GET /", cookie).body());
  }

  @Test
  void authorizationHeaderIsNeverUsed() throws Exception {
    String header = "Authorization: Bearer " + issuer.tokenFor("user-7");
    assertEquals("not-authenticated", strict.send("GET /", header).body());
    assertEquals("nobody", asking.send("GET /", header).body());
    assertEquals("user-1", strict.send("GET /", header, cookie(issuer.tokenFor("user-1"))).body());
  }

  @Test
  void whoeverWouldBeRefusedIsNobody() throws Exception {
    String good = issuer.tokenFor("user-1");
    assertNobody("not-authenticated", "X-None: 1");
    assertNobody("invalid-token", cookie("aa.bb.cc"));
    assertNobody("invalid-token", cookie(issuer.token(claims -> claims.issuer("other"))));
    assertNobody("ambiguous-cookie", cookie(good) + "; auth_token=" + good);
    clock.advance(Duration.ofMinutes(11));
    keys.refresh();
    assertNobody("token-expired", cookie(good));
  }

  @Test
  void expiredSessionIsA401WithAChallenge() throws Exception {
    String cookie = cookie(issuer.tokenFor("user-1"));
    clock.advance(Duration.ofMinutes(11));
    Answer answer = strict.send("GET /", cookie);
    assertEquals(401, answer.status());
    assertTrue(answer.headers().contains("WWW-Authenticate: Bearer error=\"invalid_token\""));
  }

  @Test
  void withoutKeysNobodyCanTell() throws Exception {
    try (SigningKeys none =
            new SigningKeys(
                new IssuerEndpoints(issuer.config(), Duration.ofSeconds(5)), clock, _ -> {});
        ProbeServer unsure = presentWith(none)) {
      Answer answer = unsure.send("GET /", cookie(issuer.tokenFor("user-1")));
      assertEquals("keys-unavailable", answer.body());
      assertEquals(503, answer.status());
      assertTrue(answer.headers().contains("Retry-After: 5"));
      assertEquals("nobody", unsure.send("GET /").body());
    }
  }

  @Test
  void riskySettingsAreWarnedAboutOnce() {
    AuthConfig usual = issuer.config();
    AuthConfig anyAudience =
        new AuthConfig(
            usual.issuer(),
            Set.of("*"),
            usual.jwksUri(),
            usual.algorithms(),
            usual.tokenTypes(),
            usual.clockSkew(),
            usual.requiredClaims(),
            usual.requiredScopes(),
            usual.userClaims());
    assertEquals(2, warnings(PLAIN, anyAudience).size());
    assertEquals(1, warnings(PLAIN, usual).size());
    assertEquals(List.of(), warnings(HOST_ONLY, usual));
  }

  private List<String> warnings(CookieConfig cookie, AuthConfig config) {
    try (RecordedLog log = new RecordedLog()) {
      assertTrue(Authenticator.of(cookie, config, keys, clock) != null);
      return log.warnings();
    }
  }

  private ProbeServer presentWith(SigningKeys none) throws Exception {
    Authenticator blind = Authenticator.of(PLAIN, issuer.config(), none, clock);
    return ProbeServer.running(
        (request, _) -> blind.present(request).map(Caller::subject).orElse("nobody"));
  }

  private void assertNobody(String code, String header) throws Exception {
    assertEquals(code, strict.send("GET /", header).body());
    assertEquals("nobody", asking.send("GET /", header).body());
  }

  private static String cookie(String token) {
    return "Cookie: auth_token=" + token;
  }
}
