package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.testing.HeadersOnly;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Any `Cookie` headers, one to a line: a value that could sign somebody in is there once, and
/// whoever reads headers in another way finds the same one.
public final class CookieHeaderFuzz {
  private static final String NAME = "auth_token";
  private static final SessionCookie COOKIE = new SessionCookie(NAME);
  private static final Set<ProblemCode> DECLARED =
      Set.of(
          ProblemCode.AMBIGUOUS_COOKIE, ProblemCode.NOT_AUTHENTICATED, ProblemCode.INVALID_TOKEN);

  private CookieHeaderFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    List<String> lines = HeadersOnly.lines(input);
    HeadersOnly head =
        HeadersOnly.of("GET", lines.stream().map(line -> "Cookie: " + line).toList());
    String header = String.join("; ", head.values("Cookie"));
    List<String> unquoted = unquoted(header);
    try {
      String value = COOKIE.read(head.request());
      assertEquals(List.of(value), unquoted);
      assertTrue(NAME.length() + value.length() <= SessionCookie.MAX_BYTES);
      if (TokenForm.BEARER.matches(value)) {
        assertEquals(unquoted, quoted(header, false));
        assertEquals(unquoted, quoted(header, true));
      }
    } catch (ProblemException e) {
      ProblemCode code = e.problem().code();
      assertTrue(DECLARED.contains(code), code.text());
      assertEquals(unquoted.isEmpty(), code == ProblemCode.NOT_AUTHENTICATED);
      boolean clear = unquoted.size() == 1 && !header.contains("\"");
      assertTrue(!clear || code == ProblemCode.INVALID_TOKEN);
    }
  }

  /// RFC 6265, 4.2.1: nothing but `;` separates.
  private static List<String> unquoted(String header) {
    List<String> values = new ArrayList<>();
    int at = 0;
    while (at <= header.length()) {
      int end = header.indexOf(';', at) < 0 ? header.length() : header.indexOf(';', at);
      note(header.substring(at, end), values);
      at = end + 1;
    }
    return values;
  }

  /// RFC 2965, 3.1: a value may be a quoted string, in which a `;` separates nothing. A quote that
  /// nobody closes is none.
  private static List<String> quoted(String header, boolean escapes) {
    List<String> values = new ArrayList<>();
    int at = 0;
    while (at <= header.length()) {
      int end = header.indexOf(';', at) < 0 ? header.length() : header.indexOf(';', at);
      int equals = header.indexOf('=', at);
      if (equals >= 0 && equals < end && header.startsWith("\"", equals + 1)) {
        int close = close(header, equals + 2, escapes);
        int behind = header.indexOf(';', close < 0 ? end : close);
        end = behind < 0 ? header.length() : behind;
      }
      note(header.substring(at, end), values);
      at = end + 1;
    }
    return values;
  }

  private static int close(String header, int from, boolean escapes) {
    for (int at = from; at < header.length(); at++) {
      if (header.charAt(at) == '"') {
        return at;
      }
      if (escapes && header.charAt(at) == '\\') {
        at++;
      }
    }
    return -1;
  }

  private static void note(String pair, List<String> values) {
    String stripped = pair.strip();
    if (stripped.startsWith(NAME + "=")) {
      values.add(stripped.substring(NAME.length() + 1));
    }
  }
}
