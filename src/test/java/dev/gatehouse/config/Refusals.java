package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;

/// A smallest valid file, to which a test adds the one line it is about.
final class Refusals {
  static final String NAME = "gatehouse.yaml";

  private Refusals() {}

  /// Line 1 is the line given; keys of auth and of the only route follow.
  static String file(String top, String auth, String route) {
    return """
    %s
    auth:
      issuer: https://id.example.com
      audience: [agent-api]
      %s
    routes:
      - path: /api/chatkit
        upstream: http://127.0.0.1:8000/chatkit
        %s
    """
        .formatted(top, auth, route);
  }

  static GatehouseConfig accept(String text) {
    try {
      return ConfigFile.parse(NAME, text, Map.of());
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage());
    }
  }

  static RouteConfig acceptRoute(String line) {
    return accept(file("", "", line)).routes().getFirst();
  }

  static IssuerConfig acceptAuth(String line) {
    return accept(file("", line, "")).auth().issuers().getFirst();
  }

  static ConfigException refuse(String text, Map<String, String> environment) {
    return assertThrows(
        ConfigException.class, () -> ConfigFile.parse(NAME, text, environment), "was accepted");
  }

  /// The whole message for a line that must be refused.
  static String refusal(String top) {
    return refuse(file(top, "", ""), Map.of()).getMessage();
  }

  static void assertAuthRefused(String line, String key, String cure) {
    assertOneProblem(refuse(file("", line, ""), Map.of()), 5, "auth." + key, cure);
  }

  static void assertRouteRefused(String line, String key, String cure) {
    assertOneProblem(refuse(file("", "", line), Map.of()), 9, "routes[0]." + key, cure);
  }

  static void assertRefused(String top, String key, String cure) {
    assertOneProblem(refuse(file(top, "", ""), Map.of()), 1, key, cure);
  }

  private static void assertOneProblem(ConfigException e, int line, String key, String cure) {
    assertEquals(1, e.problems().size(), e.getMessage());
    ConfigProblem problem = e.problems().getFirst();
    assertEquals(key, problem.key());
    assertEquals(line, problem.line(), e.getMessage());
    if (!problem.cure().contains(cure)) {
      assertEquals(cure, problem.cure());
    }
  }
}
