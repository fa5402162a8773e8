package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Held against the grammars of the RFCs as they are usually written down.
final class TokenFormTest {
  private static final Pattern COMPACT_JWS =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
  private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private static void check(String token) {
    assertEquals(COMPACT_JWS.matcher(token).matches(), TokenForm.COMPACT_JWS.matches(token), token);
    assertEquals(BEARER.matcher(token).matches(), TokenForm.BEARER.matches(token), token);
  }

  @Test
  void everyCharacterIsJudgedInEveryPlace() {
    for (char c = 0; c < 0x180; c++) {
      for (String around :
          new String[] {"%c", "a%c", "%ca", "a.b.%c", "a.%c.c", "%c.b.c", "a%c="}) {
        check(around.formatted(c));
      }
    }
  }

  @Test
  void shortTextsOfTheCharactersThatMatterAreJudgedAsTheGrammarsDo() {
    Random random = new Random(20261128);
    String characters = "aZ9-_..==+/~ é";
    int compact = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(9); length > 0; length--) {
        text.append(characters.charAt(random.nextInt(characters.length())));
      }
      check(text.toString());
      compact += TokenForm.COMPACT_JWS.matches(text.toString()) ? 1 : 0;
    }
    assertEquals(true, compact > 20, "too few of these texts are tokens");
  }
}
