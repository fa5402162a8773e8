package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.ProbeServer.Answer;
import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.CookieConfig;
import dev.gatehouse.config.CookieKeyConfig;
import dev.gatehouse.config.EncryptionConfig;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.config.SecretSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
  private static final CookieConfig PLAIN = new CookieConfig("auth_token");
  private static final CookieConfig HOST_ONLY = new CookieConfig("__Host-auth_token");
  private static final String KEY = "A".repeat(43);

  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = TestIssuer.start(clock);
  private final SigningKeys keys =
      new SigningKeys(new IssuerEndpoints(issuer.config(), Duration.ofSeconds(5)), clock, _ -> {});
  private final Authenticator authenticator = authenticator(PLAIN, issuer.config(), keys);
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
    IssuerConfig usual = issuer.config();
    IssuerConfig anyAudience =
        new IssuerConfig(
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

  @Test
  void sealedCookieIsOpenedBeforeItsTokenIsJudged() throws Exception {
    String token = issuer.tokenFor("user-7");
    String sealed = seal(KEY).seal(token).orElseThrow();
    assertEquals("user-7", answer(sealed(false), sealed));
    assertEquals("user-7", answer(sealed(true), sealed));
    assertEquals("invalid-token", answer(PLAIN, sealed));
  }

  @Test
  void cookieSealedWithAnotherKeyIsRefused() throws Exception {
    String stranger = seal("B".repeat(43)).seal(issuer.tokenFor("user-7")).orElseThrow();
    for (boolean acceptPlain : List.of(true, false)) {
      try (RecordedLog log = new RecordedLog()) {
        assertEquals("invalid-token", answer(sealed(acceptPlain), stranger));
        assertEquals("token refused: " + Refusal.SEAL, log.last());
      }
    }
  }

  @Test
  void bareTokenPassesForASealedOneOnlyWherePlainOnesAreAccepted() throws Exception {
    String token = issuer.tokenFor("user-7");
    assertEquals("user-7", answer(sealed(true), token));
    try (RecordedLog log = new RecordedLog()) {
      assertEquals("invalid-token", answer(sealed(false), token));
      assertEquals("token refused: " + Refusal.NOT_SEALED, log.last());
    }
  }

  @Test
  void acceptingPlainTokensBesideSealedOnesIsWarnedAbout() {
    String warning = "cookie.encryption.accept-plain is true: cookies may hold a bare token";
    assertTrue(warnings(sealed(true), issuer.config()).contains(warning));
    assertFalse(warnings(sealed(false), issuer.config()).contains(warning));
    assertFalse(warnings(PLAIN, issuer.config()).contains(warning));
  }

  @Test
  void callerPrintsNothingOfItself() {
    assertEquals("Caller", TestCaller.of("user-7", Map.of("name", "N")).toString());
  }

  private String answer(CookieConfig config, String value) throws Exception {
    Authenticator other = authenticator(config, issuer.config(), keys);
    try (ProbeServer server =
        ProbeServer.running((request, _) -> other.authenticate(request).subject())) {
      return server.send("GET /", cookie(value)).body();
    }
  }

  private CookieSeal seal(String key) {
    return CookieSeal.of(encryption(key, false), clock);
  }

  private static CookieConfig sealed(boolean acceptPlain) {
    return new CookieConfig("auth_token", Optional.of(encryption(KEY, acceptPlain)));
  }

  private static EncryptionConfig encryption(String key, boolean acceptPlain) {
    return new EncryptionConfig(
        List.of(new CookieKeyConfig(Optional.empty(), new SecretSource(key))), acceptPlain);
  }

  private Authenticator authenticator(
      CookieConfig cookie, IssuerConfig config, SigningKeys signing) {
    return Authenticator.of(
        cookie,
        new AuthConfig.Jwt(List.of(config)),
        SignedTokens.of(config, signing, clock),
        clock);
  }

  private List<String> warnings(CookieConfig cookie, IssuerConfig config) {
    try (RecordedLog log = new RecordedLog()) {
      assertTrue(authenticator(cookie, config, keys) != null);
      return log.warnings();
    }
  }

  private ProbeServer presentWith(SigningKeys none) throws Exception {
    Authenticator blind = authenticator(PLAIN, issuer.config(), none);
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
