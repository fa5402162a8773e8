package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PseudonymsTest {
  private static final Principal USER = new Principal("https://id.example.com", "user-1");

  private static Pseudonyms under(String key) {
    return Pseudonyms.under(Optional.of(new Secret(key)));
  }

  @Test
  void nameForTheModelHangsOnKeyIssuerAndSubject() {
    String name = under("0123456789abcdef").forModel(USER);
    assertTrue(name.matches("[0-9a-f]{32}"), name);
    assertEquals(name, under("0123456789abcdef").forModel(USER));
    assertNotEquals(name, under("0123456789abcdeF").forModel(USER));
    assertNotEquals(name, Pseudonyms.under(Optional.empty()).forModel(USER));
    assertNotEquals(
        name,
        under("0123456789abcdef").forModel(new Principal("https://id.example.com", "user-2")));
    assertNotEquals(
        name,
        under("0123456789abcdef").forModel(new Principal("https://other.example.com", "user-1")));
  }

  @Test
  void nameForTheModelIsNotTheOneInTheAuditLog() {
    Pseudonyms names = under("0123456789abcdef");
    assertNotEquals(names.of(USER), names.forModel(USER));
  }
}
