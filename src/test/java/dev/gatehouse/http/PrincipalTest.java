package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

final class PrincipalTest {
  private final Principal ann = new Principal("https://issuer.example", "ann");

  @Test
  void sameUserOfTheSameIssuerIsTheSame() {
    Principal again = new Principal(new String("https://issuer.example"), new String("ann"));
    assertEquals(ann, again);
    assertEquals(ann.hashCode(), again.hashCode());
  }

  @Test
  void anotherUserOrAnotherIssuersIsAnother() {
    assertNotEquals(ann, new Principal("https://issuer.example", "bob"));
    assertNotEquals(ann, new Principal("https://other.example", "ann"));
    assertNotEquals(ann, new Principal("ann", "https://issuer.example"));
    assertNotEquals(ann, "ann");
    assertNotEquals(ann.hashCode(), new Principal("ann", "https://issuer.example").hashCode());
  }
}
