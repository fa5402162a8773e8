package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemException;
import java.nio.charset.StandardCharsets;

/// Any text in the place of a token: who is let in presents what the issuer signed, to the letter.
public final class TokenFuzz {
  private static final KnownIssuer ISSUER = new KnownIssuer();
  private static final String GENUINE = ISSUER.sign(KnownIssuer.HEADER, KnownIssuer.CLAIMS);

  private TokenFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String token = new String(input, StandardCharsets.ISO_8859_1);
    try {
      assertEquals(token, ISSUER.judge().judge(token).bearer());
      assertEquals(GENUINE, token);
    } catch (ProblemException e) {
      KnownIssuer.assertDeclared(e);
      assertTrue(!token.equals(GENUINE), "what the issuer signed was turned away");
    }
  }
}
