package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.http.ProblemException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnverifiedTokensTest {
  private final TokenJudge judge = passthrough();

  @Test
  void callerIsUnknownButForTheToken() {
    Caller caller = judge.judge("opaque-1");
    assertEquals("opaque-1", caller.bearer());
    assertEquals(Optional.empty(), caller.userId());
    assertEquals(Optional.empty(), caller.expiry());
    assertEquals(Map.of(), caller.user().members());
    assertEquals(Map.of(), judge.conditions());
  }

  @Test
  void callersAreToldApartByAKeyedHashThatEndsWithTheProcess() {
    String mark = judge.judge("opaque-1").subject();
    assertTrue(mark.matches("token-[0-9a-f]{64}"), mark);
    assertEquals(mark, judge.judge("opaque-1").subject());
    assertNotEquals(mark, judge.judge("opaque-2").subject());
    assertNotEquals(mark, passthrough().judge("opaque-1").subject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nX: y", "a,b", "ä"})
  void whatCannotStandBehindBearerIsRefused(String token) {
    assertThrows(ProblemException.class, () -> judge.judge(token));
  }

  @Test
  void startIsWarnedAbout() {
    try (RecordedLog log = new RecordedLog()) {
      passthrough();
      assertFalse(log.warnings().isEmpty());
    }
  }

  private static TokenJudge passthrough() {
    return TokenJudge.open(new AuthConfig.Passthrough(), InstantSource.system(), AuthListener.NONE);
  }
}
