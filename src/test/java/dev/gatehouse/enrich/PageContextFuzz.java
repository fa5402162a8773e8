package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.Origin;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Any text as `X-Page-Context`, as what that header encodes, and as `Referer`: taken over is
/// exactly one small object, or the address of a page of our own.
public final class PageContextFuzz {
  private static final int MAX_SIZE = 1024;
  private static final int MAX_DEPTH = 64;
  private static final Origin OWN = new Origin("https", "app.example.com", 443);
  private static final Pattern OWN_PAGE =
      Pattern.compile(
          "(?i:https)://(?:[^/?#@]*@)?(?i:app\\.example\\.com)(?::0*443|:)?(?:[/?#].*)?",
          Pattern.DOTALL);

  private PageContextFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    header(new String(input, StandardCharsets.ISO_8859_1));
    header(Base64.getUrlEncoder().encodeToString(input));
    referer(new String(input, StandardCharsets.ISO_8859_1));
  }

  private static void header(String value) {
    Optional<byte[]> json =
        decoded(value)
            .filter(bytes -> bytes.length <= MAX_SIZE)
            .filter(bytes -> JsonText.object(bytes, MAX_DEPTH).isPresent());
    if (json.isPresent()) {
      PageContext context = PageContext.fromHeader(List.of(value), MAX_SIZE).orElseThrow();
      assertEquals(ByteBuffer.wrap(json.get()), context.json());
    } else {
      ProblemException refusal =
          assertThrows(
              ProblemException.class, () -> PageContext.fromHeader(List.of(value), MAX_SIZE));
      assertEquals(ProblemCode.MALFORMED_PAGE_CONTEXT, refusal.problem().code());
    }
  }

  /// RFC 4648, 5, bit by bit; stray bits at the end are overlooked, padding is whole or absent.
  private static Optional<byte[]> decoded(String value) {
    String bare = value.length() % 4 == 0 ? value.replaceFirst("={1,2}$", "") : value;
    if (!bare.matches("[A-Za-z0-9_-]*") || bare.length() % 4 == 1) {
      return Optional.empty();
    }
    byte[] bytes = new byte[bare.length() * 6 / 8];
    int bits = 0;
    for (int i = 0, at = 0; i < bare.length(); i++) {
      bits =
          bits << 6
              | "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                  .indexOf(bare.charAt(i));
      if (i % 4 != 0) {
        bytes[at++] = (byte) (bits >> (6 - 2 * (i % 4)));
      }
    }
    return Optional.of(bytes);
  }

  private static void referer(String value) {
    Optional<PageContext> context = PageContext.fromReferer(value, List.of(OWN), MAX_SIZE);
    if (context.isEmpty()) {
      return;
    }
    assertTrue(OWN_PAGE.matcher(value).matches(), value);
    byte[] json = Arrays.copyOf(context.get().json().array(), context.get().json().limit());
    assertTrue(json.length <= MAX_SIZE);
    JsonText.Node object = JsonText.object(json, 1).orElseThrow();
    assertEquals(
        List.of("url", "path"), object.members().stream().map(JsonText.Member::name).toList());
    String url = object.members().getFirst().value().raw();
    assertTrue(url.startsWith("\"https://app.example.com/"), url);
    assertTrue(url.indexOf('#') < 0, url);
  }
}
