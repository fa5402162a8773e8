package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// Any text as a configuration: it is one, or its problems say where, and never repeat what came
/// from the environment.
public final class ConfigFuzz {
  private static final String CANARY = "canary-5c1f0e";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("SECRET", CANARY, "BROKEN", CANARY + " \n{", "EMPTY", "");

  private ConfigFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    // Files of this machine are nobody's input.
    if (text.toLowerCase(Locale.ROOT).contains("file:") || text.contains(CANARY)) {
      return;
    }
    String outcome = outcome(text);
    assertEquals(outcome, outcome(text));
    if (text.indexOf('\r') < 0) {
      assertEquals(
          outcome.startsWith("accepted"),
          outcome(text.replace("\n", "\r\n")).startsWith("accepted"),
          outcome);
    }
  }

  private static String outcome(String text) {
    try {
      return "accepted " + ConfigFile.parse("gatehouse.yaml", text, ENVIRONMENT);
    } catch (ConfigException e) {
      long lines = text.lines().count() + 1;
      assertFalse(e.problems().isEmpty());
      assertFalse(e.getMessage().contains(CANARY), "the environment was quoted");
      for (ConfigProblem problem : e.problems()) {
        assertTrue(problem.line() >= 0 && problem.line() <= lines, problem.toString());
        assertFalse(problem.cure().isBlank());
      }
      return e.getMessage();
    }
  }
}
