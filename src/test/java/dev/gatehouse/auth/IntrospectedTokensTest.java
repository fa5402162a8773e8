package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.IntrospectionConfig;
import dev.gatehouse.config.IntrospectionConfig.Authentication;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class IntrospectedTokensTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final long now = clock.instant().getEpochSecond();
  private final TestIntrospection issuer = TestIntrospection.start();
  private final RecordedLog log = new RecordedLog();
  private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
  private TokenJudge judge = judge(Duration.ofSeconds(30), PATIENT);

  @AfterEach
  void stop() {
    judge.close();
    issuer.close();
    log.close();
  }

  @Test
  void activeTokenIsAccepted() {
    issuer.know(
        "opaque-1", active("\"exp\":" + (now + 600) + ",\"name\":\"N\",\"token_type\":\"bearer\""));
    Caller caller = judge.judge("opaque-1");
    assertEquals("user-1", caller.subject());
    assertEquals(Optional.of("user-1"), caller.userId());
    assertEquals("opaque-1", caller.bearer());
    assertEquals("N", caller.user().members().get("name"));
    assertEquals(Optional.of(clock.instant().plusSeconds(600)), caller.expiry());
    assertEquals(List.of("active"), List.copyOf(results));
  }

  @Test
  void questionIsAskedAsTheStandardSays() {
    judgedInactive("a+b/c=");
    var question = issuer.questions().getFirst();
    assertEquals("POST", question.getMethod());
    assertEquals(
        "token=a%2Bb%2Fc%3D&token_type_hint=access_token",
        question.getBody() == null ? "" : question.getBody().utf8());
    // base64 of `gate+way:h%26sh%3A%251`.
    assertEquals(
        "Basic Z2F0ZSt3YXk6aCUyNnNoJTNBJTI1MQ==", question.getHeaders().get("Authorization"));
    assertEquals("application/json", question.getHeaders().get("Accept"));
  }

  @Test
  void secretMayGoIntoTheForm() {
    judge =
        new IntrospectedTokens(
            issuer.config(Duration.ZERO, Authentication.CLIENT_SECRET_POST),
            PATIENT,
            clock,
            AuthListener.NONE);
    judgedInactive("opaque-1");
    var question = issuer.questions().getFirst();
    assertEquals(
        "token=opaque-1&token_type_hint=access_token"
            + "&client_id=gate+way&client_secret=h%26sh%3A%251",
        question.getBody() == null ? "" : question.getBody().utf8());
    assertEquals(null, question.getHeaders().get("Authorization"));
  }

  @Test
  void inactiveTokenIsRefusedWhateverElseIsSaid() {
    issuer.know("opaque-1", active("").replace("true", "false"));
    judgedInactive("opaque-1");
    assertEquals("token refused: INACTIVE", log.last());
    assertEquals(List.of("inactive"), List.copyOf(results));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"iss\":\"https://other.example.com\" | ISSUER",
        "\"iss\":null | ISSUER",
        "\"exp\":\"9999999999\" | MALFORMED_TIME",
        "\"exp\":1e400 | MALFORMED_TIME",
        "\"nbf\":9999999999 | NOT_YET_VALID",
        "\"iat\":9999999999 | ISSUED_AHEAD",
        "\"exp\":1 | EXPIRED",
        "\"token_type\":\"DPoP\" | TYPE",
        "\"token_type\":7 | TYPE",
        "\"cnf\":{\"jkt\":\"x\"} | SENDER_CONSTRAINED"
      })
  void activeTokenStillHasToMeetTheRules(String claim, Refusal why) {
    issuer.know("opaque-1", active(claim));
    assertThrows(ProblemException.class, () -> judge.judge("opaque-1"));
    assertEquals("token refused: " + why, log.last());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"active\":true,\"sub\":\"u\"} | AUDIENCE",
        "{\"active\":true,\"sub\":\"u\",\"aud\":\"other\"} | AUDIENCE",
        "{\"active\":true,\"aud\":\"agent-api\"} | SUBJECT",
        "{\"active\":true,\"aud\":\"agent-api\",\"sub\":\"\"} | SUBJECT"
      })
  void audienceAndSubjectAreRequired(String answer, Refusal why) {
    issuer.know("opaque-1", answer);
    assertThrows(ProblemException.class, () -> judge.judge("opaque-1"));
    assertEquals("token refused: " + why, log.last());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"active\":\"true\"}",
        "{\"active\":1}",
        "{\"active\":null}",
        "{\"active\":false,\"active\":true}",
        "{\"active\":true}{}",
        "<html>sign in</html>"
      })
  void answerThatDoesNotSayIs503AndNever401(String body) {
    issuer.insteadAnswer(Optional.of(new MockResponse.Builder().body(body).build()));
    assertUnavailable("malformed");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 302, 400, 401, 403, 500, 503})
  void otherStatusIs503AndNever401(int status) {
    MockResponse response =
        new MockResponse.Builder()
            .code(status)
            .setHeader("Location", issuer.issuer() + "/moved")
            .build();
    issuer.insteadAnswer(Optional.of(response));
    assertUnavailable("bad-status");
    assertEquals(1, issuer.questions().size());
  }

  @Test
  void hugeAnswerIs503() {
    issuer.insteadAnswer(
        Optional.of(new MockResponse.Builder().body(active("") + " ".repeat(1_000_000)).build()));
    assertUnavailable("unreachable");
  }

  @Test
  void silentIssuerIs503() {
    judge = judge(Duration.ofSeconds(30), Duration.ofSeconds(1));
    CountDownLatch held = issuer.hold();
    assertUnavailable("timed-out");
    held.countDown();
  }

  @Test
  void issuerThatIsDownIs503() {
    issuer.goDown();
    assertUnavailable("unreachable");
  }

  @Test
  void failureIsNotRemembered() {
    issuer.insteadAnswer(Optional.of(new MockResponse.Builder().code(500).build()));
    assertUnavailable("bad-status");
    issuer.insteadAnswer(Optional.empty());
    issuer.know("opaque-1", active(""));
    assertEquals("user-1", judge.judge("opaque-1").subject());
  }

  @Test
  void goodAnswerIsBelievedForTheCacheTime() {
    issuer.know("opaque-1", active(""));
    judge.judge("opaque-1");
    issuer.know("opaque-1", "{\"active\":false}");
    clock.advance(Duration.ofSeconds(29));
    assertEquals("user-1", judge.judge("opaque-1").subject());
    assertEquals(1, issuer.questions().size());
    clock.advance(Duration.ofSeconds(1));
    judgedInactive("opaque-1");
    assertEquals(2, issuer.questions().size());
  }

  @Test
  void goodAnswerIsNotBelievedPastExp() {
    issuer.know("opaque-1", active("\"exp\":" + (now + 10)));
    judge.judge("opaque-1");
    issuer.know("opaque-1", "{\"active\":false}");
    clock.advance(Duration.ofSeconds(10));
    judgedInactive("opaque-1");
  }

  @Test
  void tokenWithinTheSkewIsAskedAboutEachTime() {
    issuer.know("opaque-1", active("\"exp\":" + now));
    clock.advance(Duration.ofSeconds(29));
    judge.judge("opaque-1");
    judge.judge("opaque-1");
    assertEquals(2, issuer.questions().size());
    clock.advance(Duration.ofSeconds(1));
    assertThrows(ProblemException.class, () -> judge.judge("opaque-1"));
    assertEquals("token refused: EXPIRED", log.last());
  }

  @Test
  void moreTokensThanQuestionsAtATimeAreJudged() {
    for (int i = 0; i < 70; i++) {
      judgedInactive("opaque-" + i);
    }
    assertEquals(70, issuer.questions().size());
  }

  @Test
  void whatGoesWrongInsideIs503AndNever401() {
    AuthListener broken =
        new AuthListener() {
          @Override
          public void keysRefreshed(String name, RefreshResult result) {}

          @Override
          public void introspected(String result) {
            throw new IllegalStateException("canary");
          }
        };
    AuthConfig.Introspection config =
        issuer.config(Duration.ZERO, Authentication.CLIENT_SECRET_BASIC);
    try (TokenJudge failing = new IntrospectedTokens(config, PATIENT, clock, broken)) {
      ProblemException e = assertThrows(ProblemException.class, () -> failing.judge("opaque-1"));
      assertEquals(ProblemCode.KEYS_UNAVAILABLE, e.problem().code());
    }
    assertEquals("a token could not be judged (IllegalStateException)", log.last());
  }

  @Test
  void withoutCacheEveryRequestIsAQuestion() {
    judge = judge(Duration.ZERO, PATIENT);
    issuer.know("opaque-1", active(""));
    judge.judge("opaque-1");
    judge.judge("opaque-1");
    assertEquals(2, issuer.questions().size());
  }

  @Test
  void badAnswerIsRememberedBriefly() {
    judgedInactive("opaque-1");
    judgedInactive("opaque-1");
    assertEquals(1, issuer.questions().size());
    issuer.know("opaque-1", active(""));
    clock.advance(Duration.ofSeconds(5));
    assertEquals("user-1", judge.judge("opaque-1").subject());
  }

  @Test
  void tokenWithoutAnEndHasNoKnownExpiry() {
    issuer.know("opaque-1", active(""));
    Caller caller = judge.judge("opaque-1");
    assertEquals(Optional.empty(), caller.expiry());
    assertTrue(caller.expiresAt().isAfter(clock.instant().plus(Duration.ofDays(36_500))));
  }

  @Test
  void allWhoPresentTheSameTokenShareOneQuestion() throws Exception {
    issuer.know("opaque-1", active(""));
    CountDownLatch held = issuer.hold();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Caller>> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(threads.submit(() -> judge.judge("opaque-1")));
      }
      issuer.awaitQuestion();
      held.countDown();
      for (Future<Caller> caller : callers) {
        assertEquals("user-1", caller.get().subject());
      }
    }
    assertEquals(1, issuer.questions().size());
  }

  @Test
  void answersAreNotConfused() {
    issuer.know("opaque-1", active(""));
    issuer.know("opaque-2", active("").replace("user-1", "user-2"));
    assertEquals("user-1", judge.judge("opaque-1").subject());
    assertEquals("user-2", judge.judge("opaque-2").subject());
    assertEquals("user-1", judge.judge("opaque-1").subject());
    assertEquals("user-2", judge.judge("opaque-2").subject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nX: y", "a,b", "a=b", "\"a\"", "ä", "=", "a;b"})
  void whatCannotStandBehindBearerIsNotAskedAbout(String token) {
    judgedInactive(token);
    assertEquals("token refused: NOT_A_BEARER_TOKEN", log.last());
    assertEquals(0, issuer.questions().size());
  }

  @Test
  void nothingOfTokenOrSecretIsLogged() {
    issuer.know("canary-token", active("\"name\":\"canary-name\"").replace("agent", "canary"));
    assertThrows(ProblemException.class, () -> judge.judge("canary-token"));
    issuer.insteadAnswer(
        Optional.of(new MockResponse.Builder().code(401).body("canary-body").build()));
    assertThrows(ProblemException.class, () -> judge.judge("canary-other"));
    assertFalse(log.lines().isEmpty());
    for (String line : log.lines()) {
      assertFalse(line.contains("canary") || line.contains(TestIntrospection.SECRET), line);
    }
  }

  @Test
  void addressIsFoundInTheMetadata() throws Exception {
    try (TokenJudge found = discovering()) {
      issuer.know("opaque-1", active(""));
      awaitReady(found);
      assertEquals("user-1", found.judge("opaque-1").subject());
    }
  }

  @Test
  void addressIsLookedForUntilItIsFound() throws Exception {
    issuer.showMetadata(false);
    try (TokenJudge found = discovering()) {
      issuer.awaitVainSearch();
      issuer.showMetadata(true);
      awaitReady(found);
    }
    assertTrue(
        log.warnings().contains("the issuer's introspection endpoint was not found: bad-status"));
  }

  private static void awaitReady(TokenJudge judge) {
    BooleanSupplier ready = judge.conditions().values().iterator().next();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!ready.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "never ready");
      Thread.onSpinWait();
    }
  }

  @Test
  void withoutAnAddressNobodyCanTell() {
    issuer.showMetadata(false);
    try (TokenJudge lost = discovering()) {
      assertEquals(List.of("introspection-endpoint"), List.copyOf(lost.conditions().keySet()));
      assertFalse(lost.conditions().values().iterator().next().getAsBoolean());
      ProblemException e = assertThrows(ProblemException.class, () -> lost.judge("opaque-1"));
      assertEquals(ProblemCode.KEYS_UNAVAILABLE, e.problem().code());
    }
  }

  private TokenJudge discovering() {
    AuthConfig.Introspection known =
        issuer.config(Duration.ofSeconds(30), Authentication.CLIENT_SECRET_BASIC);
    IntrospectionConfig asking = known.introspection();
    return IntrospectedTokens.open(
        new AuthConfig.Introspection(
            known.issuer(),
            new IntrospectionConfig(
                Optional.empty(),
                asking.clientId(),
                asking.clientSecret(),
                asking.authentication(),
                asking.cache())),
        clock,
        AuthListener.NONE);
  }

  private TokenJudge judge(Duration cache, Duration timeout) {
    AuthListener listener =
        new AuthListener() {
          @Override
          public void keysRefreshed(String name, RefreshResult result) {}

          @Override
          public void introspected(String result) {
            results.add(result);
          }
        };
    return new IntrospectedTokens(
        issuer.config(cache, Authentication.CLIENT_SECRET_BASIC), timeout, clock, listener);
  }

  private static String active(String more) {
    return "{\"active\":true,\"sub\":\"user-1\",\"aud\":\"agent-api\""
        + (more.isEmpty() ? "" : "," + more)
        + "}";
  }

  private void judgedInactive(String token) {
    ProblemException e = assertThrows(ProblemException.class, () -> judge.judge(token));
    assertEquals(ProblemCode.INVALID_TOKEN, e.problem().code());
  }

  private void assertUnavailable(String result) {
    Problem problem = assertThrows(ProblemException.class, () -> judge.judge("opaque-1")).problem();
    assertEquals(ProblemCode.KEYS_UNAVAILABLE, problem.code());
    assertEquals("5", problem.headers().get("Retry-After"));
    assertEquals(List.of(result), List.copyOf(results));
  }
}
