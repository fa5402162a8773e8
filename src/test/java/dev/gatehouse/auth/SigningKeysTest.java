package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer.Answer;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SigningKeysTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = TestIssuer.start(clock);
  private final BlockingQueue<RefreshResult> results = new ArrayBlockingQueue<>(100);
  private SigningKeys keys = keys(issuer.config(), PATIENT);

  @AfterEach
  void stop() {
    keys.close();
    issuer.close();
  }

  @Test
  void neverLoadedKeysAre503AndNever401() {
    Problem problem = refusal(issuer.tokenFor("user-1"));
    assertEquals(ProblemCode.KEYS_UNAVAILABLE, problem.code());
    assertEquals("5", problem.headers().get("Retry-After"));
    assertFalse(keys.ready());
    assertEquals(0, issuer.jwksFetches());
  }

  @Test
  void loadedKeysAreReady() {
    assertEquals(RefreshResult.LOADED, keys.refresh());
    assertTrue(keys.ready());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void keysOutliveAnOutageOfFourHours() {
    keys.refresh();
    issuer.answer(Answer.UNREACHABLE);
    clock.advance(Duration.ofHours(1));
    assertAccepted(issuer.tokenFor("user-1"));
    clock.advance(Duration.ofHours(3).minusSeconds(1));
    assertAccepted(issuer.tokenFor("user-1"));
    assertTrue(keys.ready());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(ProblemCode.KEYS_UNAVAILABLE, refusal(issuer.tokenFor("user-1")).code());
    assertFalse(keys.ready());
  }

  @Test
  void outageEndsWithTheNextSuccess() {
    keys.refresh();
    issuer.answer(Answer.UNREACHABLE);
    clock.advance(Duration.ofHours(5));
    refusal(issuer.tokenFor("user-1"));
    issuer.answer(Answer.KEYS);
    keys.refresh();
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void cachedTokenDoesNotOutliveTheKeys() {
    TokenVerifier verifier = new TokenVerifier(issuer.config(), keys, clock);
    keys.refresh();
    String token =
        issuer.token(
            claims -> claims.expirationTime(Date.from(clock.instant().plus(Duration.ofHours(9)))));
    verifier.verify(token);
    issuer.answer(Answer.UNREACHABLE);
    clock.advance(Duration.ofHours(4));
    ProblemException e = assertThrows(ProblemException.class, () -> verifier.verify(token));
    assertEquals(ProblemCode.KEYS_UNAVAILABLE, e.problem().code());
  }

  @Test
  void rotatedKeyIsFetchedOnFirstSight() {
    keys.refresh();
    String old = issuer.tokenFor("user-1");
    issuer.rotate();
    assertAccepted(issuer.tokenFor("user-1"));
    assertAccepted(issuer.tokenFor("user-1"));
    assertAccepted(old);
    assertEquals(2, issuer.jwksFetches());
  }

  @Test
  void removedKeyStopsWorkingWithinFiveMinutes() {
    keys.refresh();
    String old =
        issuer.token(
            claims -> claims.expirationTime(Date.from(clock.instant().plus(Duration.ofHours(1)))));
    assertAccepted(old);
    issuer.rotate();
    issuer.remove("key-0");
    clock.advance(Duration.ofMinutes(5));
    assertEquals(ProblemCode.INVALID_TOKEN, refusal(old).code());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void refreshComesBeforeTheKeysAreFiveMinutesOld() {
    Duration slowest = Duration.ofSeconds(15);
    assertTrue(
        SigningKeys.pauseAfter(0, true).plus(slowest).compareTo(SigningKeys.VOUCHED_FOR) < 0);
  }

  @Test
  void floodOfUnknownKeysCostsOneFetchInThirtySeconds() throws Exception {
    keys.refresh();
    flood(200);
    assertEquals(2, issuer.jwksFetches());
    clock.advance(Duration.ofSeconds(29));
    flood(200);
    assertEquals(2, issuer.jwksFetches());
    clock.advance(Duration.ofSeconds(1));
    flood(200);
    assertEquals(3, issuer.jwksFetches());
  }

  @Test
  void failedFetchForAnUnknownKeyCountsToo() throws Exception {
    keys.refresh();
    issuer.answer(Answer.FAILURE);
    flood(20);
    assertEquals(2, issuer.jwksFetches());
  }

  @Test
  void nobodyElseWaitsForTheFetchOfAnUnknownKey() throws Exception {
    keys.refresh();
    issuer.answer(Answer.SLOW);
    issuer.expectFetch();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Problem> stranger = threads.submit(() -> refusal(unknown("stranger")));
      issuer.awaitFetch();
      assertAccepted(issuer.tokenFor("user-1"));
      assertFalse(stranger.isDone());
      issuer.release();
      assertEquals(ProblemCode.INVALID_TOKEN, stranger.get().code());
    }
  }

  @Test
  void allWhoMissTheSameNewKeyShareOneFetch() throws Exception {
    keys.refresh();
    issuer.answer(Answer.SLOW);
    issuer.rotate();
    issuer.expectFetch();
    String token = issuer.tokenFor("user-1");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Caller>> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(threads.submit(() -> verify(token)));
      }
      issuer.awaitFetch();
      issuer.release();
      for (Future<Caller> caller : callers) {
        assertEquals("user-1", caller.get().subject());
      }
    }
    assertEquals(2, issuer.jwksFetches());
  }

  @Test
  void startDoesNotWaitForTheIssuer() throws Exception {
    issuer.answer(Answer.SLOW);
    issuer.expectFetch();
    try (SigningKeys background = SigningKeys.open(issuer.config(), clock, results::add)) {
      issuer.awaitFetch();
      assertFalse(background.ready());
      issuer.release();
      assertEquals(RefreshResult.LOADED, results.take());
      assertTrue(background.ready());
    }
  }

  @Test
  void readinessComesSoonAfterTheIssuerDoes() throws Exception {
    issuer.answer(Answer.FAILURE);
    try (SigningKeys background = SigningKeys.open(issuer.config(), clock, results::add)) {
      assertEquals(RefreshResult.BAD_STATUS, results.take());
      issuer.answer(Answer.KEYS);
      assertEquals(RefreshResult.LOADED, results.take());
      assertTrue(background.ready());
    }
  }

  @Test
  void firstAttemptsAreRepeatedWithGrowingPauses() {
    List<Long> pauses = new ArrayList<>();
    for (int failures = 1; failures <= 8; failures++) {
      pauses.add(SigningKeys.pauseAfter(failures, false).toSeconds());
    }
    assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L), pauses);
    assertEquals(Duration.ofSeconds(30), SigningKeys.pauseAfter(1, true));
  }

  @Test
  void closingEndsAFetchUnderWay() throws Exception {
    issuer.answer(Answer.SLOW);
    issuer.expectFetch();
    SigningKeys background = SigningKeys.open(issuer.config(), clock, results::add);
    issuer.awaitFetch();
    background.close();
    assertEquals(RefreshResult.UNREACHABLE, results.take());
  }

  private void flood(int size) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Problem>> strangers = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        String token = unknown("random-" + i);
        strangers.add(threads.submit(() -> refusal(token)));
      }
      for (Future<Problem> stranger : strangers) {
        assertEquals(ProblemCode.INVALID_TOKEN, stranger.get().code());
      }
    }
  }

  @Test
  void whoeverCaughtUpKeepsNobodyFromFetching() throws Exception {
    keys.refresh();
    clock.advance(SigningKeys.VOUCHED_FOR);
    Thread.ofVirtual().start(keys::current).join();
    assertEquals(2, issuer.jwksFetches());
    Thread next = Thread.ofVirtual().start(keys::refresh);
    assertTrue(next.join(Duration.ofSeconds(20)));
    assertEquals(3, issuer.jwksFetches());
  }

  private String unknown(String kid) {
    return issuer.sign("{\"alg\":\"RS256\",\"kid\":\"%s\"}".formatted(kid), issuer.claims(_ -> {}));
  }

  // A fresh verifier each time, so that no cache answers in place of the keys.
  private Caller verify(String token) {
    return new TokenVerifier(issuer.config(), keys, clock).verify(token);
  }

  private void assertAccepted(String token) {
    assertEquals("user-1", verify(token).subject());
  }

  private Problem refusal(String token) {
    return assertThrows(ProblemException.class, () -> verify(token)).problem();
  }

  private SigningKeys keys(IssuerConfig config, Duration timeout) {
    return new SigningKeys(new IssuerEndpoints(config, timeout), clock, results::add);
  }
}
