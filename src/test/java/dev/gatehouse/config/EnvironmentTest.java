package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentTest {
  private static final Environment ENVIRONMENT =
      new Environment(Map.of("HOST", "agent.internal", "EMPTY", "", "NESTED", "${HOST} $1"));

  @Test
  void referencesAreReplacedWhereverTheyStand() {
    assertEquals(
        new Value.Text("http://agent.internal:8000/agent.internal", true),
        ENVIRONMENT.expand("http://${HOST}:8000/${HOST}"));
  }

  @Test
  void defaultStandsInForAMissingOrEmptyVariable() {
    assertEquals("8080", ENVIRONMENT.expand("${PORT:-8080}").text());
    assertEquals("8080", ENVIRONMENT.expand("${EMPTY:-8080}").text());
    assertEquals("", ENVIRONMENT.expand("${PORT:-}").text());
    assertEquals("agent.internal", ENVIRONMENT.expand("${HOST:-other}").text());
  }

  @Test
  void whatIsPutInIsNotLookedAtAgain() {
    assertEquals("${HOST} $1", ENVIRONMENT.expand("${NESTED}").text());
  }

  @Test
  void doubledDollarStandsForItself() {
    assertEquals(new Value.Text("${HOST}", false), ENVIRONMENT.expand("$${HOST}"));
    assertEquals(new Value.Text("${", false), ENVIRONMENT.expand("$${"));
  }

  @Test
  void loneDollarIsText() {
    assertFalse(ENVIRONMENT.expand("$HOST costs 5$").substituted());
    assertEquals("$HOST costs 5$", ENVIRONMENT.expand("$HOST costs 5$").text());
  }

  @Test
  void missingVariableIsNamed() {
    var refusal = assertThrows(InvalidSettingException.class, () -> ENVIRONMENT.expand("${PORT}"));
    assertTrue(refusal.cure().contains("PORT is not set"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"${", "${}", "${1A}", "${A-B}", "${HOST", "${HOST:default}"})
  void brokenReferenceIsRefused(String text) {
    assertThrows(InvalidSettingException.class, () -> ENVIRONMENT.expand(text));
  }
}
