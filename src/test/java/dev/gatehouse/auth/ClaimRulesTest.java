package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimRulesTest {
  private static final String ISSUER = "https://id.example.com";

  private final SettableClock clock = new SettableClock();
  private final long now = clock.instant().getEpochSecond();
  private final RecordedLog log = new RecordedLog();
  private ClaimRules rules = rules(Set.of("agent-api"), Map.of(), List.of());

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void claimsOfAnAccessTokenAreAccepted() {
    VerifiedClaims verified = check();
    assertEquals("user-1", verified.subject());
    assertEquals(Optional.of(Instant.ofEpochSecond(now + 600)), verified.expiresAt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"exp\":null",
        "\"exp\":\"9999999999\"",
        "\"exp\":true",
        "\"exp\":[9999999999]",
        "\"exp\":{}",
        "\"exp\":-1",
        "\"exp\":-0.5",
        "\"exp\":1e400",
        "\"exp\":1e999999999",
        "\"exp\":253402300800",
        "\"exp\":99999999999999999999999999"
      })
  void expiryThatIsNoSaneNumberIsRefused(String exp) {
    assertRefused(Refusal.MALFORMED_TIME, without("exp"), exp);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1e-999999999", "1767268769", "1767268770"})
  void expiryInThePastIsExpired(String exp) {
    assertEquals(now - 30, 1767268770);
    assertRefused(Refusal.EXPIRED, without("exp"), "\"exp\":" + exp);
  }

  @Test
  void expiryIsToleratedForTheClockSkewOnly() {
    check(without("exp"), "\"exp\":" + (now - 29));
    assertRefused(Refusal.EXPIRED, without("exp"), "\"exp\":" + (now - 30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1767268800.75", "1.7672688007E9", "253402300799"})
  void expiryMayBeAnyNumericDate(String exp) {
    assertEquals(now, 1767268800);
    check(without("exp"), "\"exp\":" + exp);
  }

  @Test
  void notBeforeIsHeld() {
    check("\"nbf\":" + (now + 30));
    assertRefused(Refusal.NOT_YET_VALID, "\"nbf\":" + (now + 31));
  }

  @Test
  void issuedAheadIsRefused() {
    check("\"iat\":" + (now + 30));
    assertRefused(Refusal.ISSUED_AHEAD, "\"iat\":" + (now + 31));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"0\"", "-1", "1e400", "[]", "false"})
  void otherTimesOfTheWrongTypeAreRefused(String value) {
    assertRefused(Refusal.MALFORMED_TIME, "\"nbf\":" + value);
    assertRefused(Refusal.MALFORMED_TIME, "\"iat\":" + value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"iss\":\"https://id.example.com/\"",
        "\"iss\":\"https://ID.example.com\"",
        "\"iss\":\"https://other.example.com\"",
        "\"iss\":\"\"",
        "\"iss\":null",
        "\"iss\":[\"https://id.example.com\"]"
      })
  void issuerMustBeOursToTheLetter(String iss) {
    assertRefused(Refusal.ISSUER, without("iss"), iss);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"aud\":\"other-api\"",
        "\"aud\":\"agent-api,other\"",
        "\"aud\":\"AGENT-API\"",
        "\"aud\":[\"a\",\"b\"]",
        "\"aud\":[]",
        "\"aud\":[[\"agent-api\"]]",
        "\"aud\":[\"agent-api\",1]",
        "\"aud\":null",
        "\"aud\":{\"agent-api\":true}"
      })
  void audienceMustContainOurs(String aud) {
    assertRefused(Refusal.AUDIENCE, without("aud"), aud);
  }

  @Test
  void idTokenOfAnotherClientIsRefused() {
    assertRefused(
        Refusal.AUDIENCE,
        without("aud"),
        "\"aud\":\"web-client\",\"azp\":\"web-client\",\"nonce\":\"n\",\"at_hash\":\"h\"");
  }

  @Test
  void oneOfSeveralAudiencesIsEnough() {
    check(without("aud"), "\"aud\":[\"other\",\"agent-api\"]");
  }

  @Test
  void anyAudiencePassesWhenTheCheckIsOff() {
    rules = rules(Set.of("*"), Map.of(), List.of());
    check(without("aud"), "\"aud\":\"other\"");
    check(without("aud"), "");
  }

  @Test
  void starInATokenIsNoWildcard() {
    assertRefused(Refusal.AUDIENCE, without("aud"), "\"aud\":\"*\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"sub\":\"\"",
        "\"sub\":\" \"",
        "\"sub\":null",
        "\"sub\":1",
        "\"sub\":[\"user-1\"]",
        "\"sub\":\"a\\u0000b\"",
        "\"sub\":\"a\\r\\nX-Admin: 1\"",
        "\"sub\":\"a\\u0085b\"",
        "\"sub\":\"a\\u007fb\"",
        "\"sub\":\"a\\ud800b\""
      })
  void subjectMustBePlainText(String sub) {
    assertRefused(Refusal.SUBJECT, without("sub"), sub);
  }

  @Test
  void subjectMayHave255Characters() {
    check(without("sub"), "\"sub\":\"" + "s".repeat(255) + "\"");
    assertRefused(Refusal.SUBJECT, without("sub"), "\"sub\":\"" + "s".repeat(256) + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"jkt\":\"abc\"}", "{}", "null"})
  void senderConstrainedTokenIsRefused(String cnf) {
    assertRefused(Refusal.SENDER_CONSTRAINED, "\"cnf\":" + cnf);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"a\",\"sub\":\"b\"}",
        "{\"sub\":\"a\",\"s\\u0075b\":\"b\"}",
        "{\"a\":[{\"b\":1,\"b\":2}]}",
        "{\"sub\":\"a\"} {}",
        "{\"sub\":\"a\"",
        "[]",
        "\"text\"",
        "",
        "{\"sub\":NaN}",
        "{'sub':'a'}",
        "{\"sub\":\"a\",}"
      })
  void claimsThatAreNotOneObjectAreRefused(String claims) {
    String payload = Base64URL.encode(claims).toString();
    CompactJws jws = CompactJws.parse("e30." + payload + ".abcd");
    assertThrows(ProblemException.class, jws::claims);
    assertEquals("token refused: MALFORMED_CLAIMS", log.last());
  }

  @Test
  void requiredClaimMustHaveExactlyItsValue() {
    rules = rules(Set.of("agent-api"), Map.of("tenant", "acme"), List.of());
    check("\"tenant\":\"acme\"");
    for (String other :
        List.of("\"x\":1", "\"tenant\":\"Acme\"", "\"tenant\":[\"acme\"]", "\"tenant\":null")) {
      assertRefused(Refusal.REQUIRED_CLAIM, other);
    }
  }

  @Test
  void requiredScopesMustAllBeThere() {
    rules = rules(Set.of("agent-api"), Map.of(), List.of("chat", "read"));
    check("\"scope\":\"openid read chat\"");
    check("\"scp\":[\"read\",\"chat\"]");
    check("\"scp\":\"read\",\"scope\":\"chat\"");
    for (String other :
        List.of(
            "\"x\":1",
            "\"scope\":\"chat\"",
            "\"scope\":\"chat,read\"",
            "\"scope\":\"chatter reader\"",
            "\"scope\":7",
            "\"scp\":[\"read\",{}]")) {
      assertRefused(Refusal.REQUIRED_SCOPE, other);
    }
  }

  @Test
  void missingPermissionIs403AndNoReasonToSignInAgain() {
    rules = rules(Set.of("agent-api"), Map.of(), List.of("chat"));
    ProblemException e = assertThrows(ProblemException.class, this::check);
    assertEquals(ProblemCode.INSUFFICIENT_SCOPE, e.problem().code());
    assertEquals(
        "Bearer error=\"insufficient_scope\"", e.problem().headers().get("WWW-Authenticate"));
  }

  @Test
  void userHasTheConfiguredMembersInAStableOrder() {
    User user = check("\"email\":\"user@example.com\"", "\"name\":\"A\"", "\"team\":\"T\"").user();
    assertEquals(List.of("id", "name", "email", "group"), new ArrayList<>(user.members().keySet()));
    assertEquals(
        List.of("user-1", "A", "user@example.com", "T"), List.copyOf(user.members().values()));
  }

  @Test
  void userTakesOnlyStrings() {
    User user = check("\"email\":[\"a\"]", "\"name\":7", "\"team\":\"\\ud800\"").user();
    assertEquals(Map.of("id", "user-1"), user.members());
  }

  @Test
  void scalarClaimsAreKeptAsText() {
    Caller caller =
        check("\"tenant\":\"acme\"", "\"level\":7", "\"admin\":false", "\"groups\":[\"a\"]")
            .presenting("token");
    assertEquals(Optional.of("acme"), caller.claim("tenant"));
    assertEquals(Optional.of("7"), caller.claim("level"));
    assertEquals(Optional.of("false"), caller.claim("admin"));
    assertEquals(Optional.empty(), caller.claim("groups"));
    assertEquals(Optional.empty(), caller.claim("missing"));
  }

  private VerifiedClaims check(String... members) {
    List<String> all = new ArrayList<>(List.of(members));
    all.removeIf(String::isEmpty);
    Map.of(
            "iss",
            "\"" + ISSUER + "\"",
            "aud",
            "\"agent-api\"",
            "sub",
            "\"user-1\"",
            "exp",
            String.valueOf(now + 600))
        .forEach((name, value) -> {
          if (!all.remove(without(name))) {
            all.add("\"" + name + "\":" + value);
          }
        });
    String json = "{" + String.join(",", all) + "}";
    return rules.check(StrictJson.object(json.getBytes(StandardCharsets.UTF_8)).orElseThrow());
  }

  private void assertRefused(Refusal why, String... members) {
    assertThrows(ProblemException.class, () -> check(members));
    assertEquals("token refused: " + why, log.last());
  }

  private static String without(String claim) {
    return "-" + claim;
  }

  private ClaimRules rules(
      Set<String> audience, Map<String, String> requiredClaims, List<String> requiredScopes) {
    return new ClaimRules(
        new IssuerConfig(
            ISSUER,
            audience,
            Optional.empty(),
            Set.of("RS256"),
            Set.of("at+jwt"),
            Duration.ofSeconds(30),
            requiredClaims,
            requiredScopes,
            Map.of("id", "sub", "name", "name", "email", "email", "group", "team")),
        clock);
  }
}
