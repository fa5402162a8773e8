package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer.Answer;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of tokens while the issuer's key set goes wrong, one way after the other.
@Timeout(60)
class KeyChaosTest {
  private final SettableClock clock = new SettableClock();
  private final TestIssuer issuer = TestIssuer.start(clock);
  private final SigningKeys keys =
      new SigningKeys(new IssuerEndpoints(issuer.config(), Duration.ofSeconds(30)), clock, _ -> {});

  @AfterEach
  void stop() {
    keys.close();
    issuer.close();
  }

  @Test
  void slowKeySetDelaysNobodyWhoseKeyIsKnown() throws Exception {
    keys.refresh();
    issuer.answer(Answer.SLOW);
    issuer.expectFetch();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Problem>> strangers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String token = unknown("random-" + i);
        strangers.add(threads.submit(() -> refusal(token)));
      }
      issuer.awaitFetch();
      for (int i = 0; i < 100; i++) {
        assertAccepted(issuer.tokenFor("user-1"));
      }
      // All of that went by while the issuer had not answered.
      assertEquals(0, strangers.stream().filter(Future::isDone).count());
      issuer.release();
      for (Future<Problem> stranger : strangers) {
        assertEquals(ProblemCode.INVALID_TOKEN, stranger.get().code());
      }
    }
    assertEquals(2, issuer.jwksFetches());
  }

  @Test
  void failingKeySetKeepsTheKnownKeys() {
    assertSurvives(Answer.FAILURE, RefreshResult.BAD_STATUS);
  }

  @Test
  void truncatedKeySetKeepsTheKnownKeys() {
    assertSurvives(Answer.TRUNCATED, RefreshResult.UNREACHABLE);
  }

  @Test
  void keySetOfTenMegabytesKeepsTheKnownKeys() {
    assertSurvives(Answer.HUGE, RefreshResult.UNREACHABLE);
  }

  @Test
  void redirectingKeySetIsNotFollowedAndKeepsTheKnownKeys() {
    assertSurvives(Answer.REDIRECT, RefreshResult.BAD_STATUS);
    assertEquals(0, issuer.otherRequests());
  }

  @Test
  void emptyKeySetKeepsTheKnownKeys() {
    assertSurvives(Answer.EMPTY, RefreshResult.MALFORMED);
    issuer.serve("{\"keys\":[]}");
    assertEquals(RefreshResult.NO_USABLE_KEY, keys.refresh());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void keySetOfTheWrongTypeKeepsTheKnownKeys() {
    keys.refresh();
    issuer.serve("{\"keys\":{\"kty\":\"RSA\"}}");
    assertEquals(RefreshResult.MALFORMED, keys.refresh());
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void rotatedKeyWorksAtOnceBesideTheOldOne() {
    keys.refresh();
    String old = issuer.tokenFor("user-1");
    issuer.rotate();
    assertAccepted(issuer.tokenFor("user-1"));
    assertAccepted(old);
  }

  @Test
  void removedKeyStopsWorkingWithTheNextRefresh() {
    keys.refresh();
    String old = issuer.tokenFor("user-1");
    issuer.rotate();
    issuer.remove("key-0");
    keys.refresh();
    assertEquals(ProblemCode.INVALID_TOKEN, refusal(old).code());
  }

  @Test
  void outageOfAnHourIsNotNoticed() {
    keys.refresh();
    String token =
        issuer.token(
            claims -> claims.expirationTime(Date.from(clock.instant().plus(Duration.ofHours(2)))));
    issuer.answer(Answer.UNREACHABLE);
    for (int i = 0; i < 15; i++) {
      clock.advance(Duration.ofMinutes(4));
      assertEquals(RefreshResult.UNREACHABLE, keys.refresh());
      assertAccepted(token);
      assertTrue(keys.ready());
    }
  }

  @Test
  void keysNeverLoadedAre503AndNever401() {
    for (Answer answer : List.of(Answer.FAILURE, Answer.TRUNCATED, Answer.EMPTY)) {
      issuer.answer(answer);
      keys.refresh();
      assertEquals(ProblemCode.KEYS_UNAVAILABLE, refusal(issuer.tokenFor("user-1")).code());
      assertEquals(ProblemCode.KEYS_UNAVAILABLE, refusal(unknown("random")).code());
      assertFalse(keys.ready());
    }
  }

  @Test
  void keyKnownToBeAbsentDoesNotUseUpTheFetchForANewOne() {
    keys.refresh();
    assertEquals(ProblemCode.INVALID_TOKEN, refusal(unknown("gone")).code());
    assertEquals(2, issuer.jwksFetches());
    clock.advance(Duration.ofSeconds(31));
    refusal(unknown("gone"));
    assertEquals(2, issuer.jwksFetches());
    issuer.rotate();
    assertAccepted(issuer.tokenFor("user-1"));
    assertEquals(3, issuer.jwksFetches());
  }

  @Test
  void keyThatWasAbsentIsLookedForAgainAfterAMinute() {
    keys.refresh();
    refusal(unknown("key-1"));
    clock.advance(Duration.ofSeconds(61));
    issuer.rotate();
    assertAccepted(issuer.tokenFor("user-1"));
  }

  @Test
  void keyIsNotTakenForAbsentWhileTheIssuerIsDown() {
    keys.refresh();
    issuer.answer(Answer.FAILURE);
    refusal(unknown("key-1"));
    clock.advance(Duration.ofSeconds(31));
    issuer.answer(Answer.KEYS);
    issuer.rotate();
    assertAccepted(issuer.tokenFor("user-1"));
  }

  private void assertSurvives(Answer answer, RefreshResult expected) {
    keys.refresh();
    issuer.answer(answer);
    assertEquals(expected, keys.refresh());
    assertAccepted(issuer.tokenFor("user-1"));
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
}
