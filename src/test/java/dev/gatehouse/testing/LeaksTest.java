package dev.gatehouse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The leak proof is worth what it can find.
final class LeaksTest {
  private static final String TOKEN =
      "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEiLCJuYW1lIjoiQSBVc2VyIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2ln";

  private final Leaks leaks = new Leaks(LeakRecord.CANARY).add(TOKEN);

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc", "{\"name\":\""})
  void wordIsFoundInBase64AtAnyPlace(String before) {
    byte[] bytes = (before + LeakRecord.CANARY + "\"}").getBytes(StandardCharsets.US_ASCII);
    assertTrue(leaks.in("x=" + Base64.getUrlEncoder().encodeToString(bytes)).isPresent());
    assertTrue(leaks.in("x=" + Base64.getEncoder().encodeToString(bytes)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a Kanarienvogel!",
        "KANARIENVOGEL",
        "q=%6b%61%6e%61%72%69%65%6e%76%6f%67%65%6c",
        "q=%6B%61%6E%61%72%69%65%6E%76%6F%67%65%6C"
      })
  void wordIsFoundInAnySpelling(String text) {
    assertTrue(leaks.in(text).isPresent());
  }

  @Test
  void pieceOfATokenIsFoundWhereverItWasCut() {
    for (String part : TOKEN.split("\\.", -1)) {
      int length = Math.min(31, part.length());
      for (int at = 0; at + length <= part.length(); at++) {
        String piece = part.substring(at, at + length);
        if (length == 31) {
          assertTrue(leaks.in("token: " + piece + "...").isPresent(), piece);
        }
      }
      assertTrue(leaks.in(part).isPresent(), part);
    }
  }

  @Test
  void harmlessTextIsNoLeak() {
    String line =
        "{\"requestId\":\"9063419293131ec07bd5a107ef3fd560\",\"route\":\"/api/chatkit\",\"a\":\"user-1\"}";
    assertEquals(Optional.empty(), leaks.in(line));
  }
}
