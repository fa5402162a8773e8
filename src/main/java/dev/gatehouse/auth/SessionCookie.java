package dev.gatehouse.auth;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/// The one cookie that carries the token, read from the raw header (RFC 6265, 4.2.1).
final class SessionCookie {
  static final int MAX_BYTES = 4096;
  private static final Pattern OPENS_QUOTE = Pattern.compile("[^=]*+=\"");
  private static final Pattern QUOTED_PAIR = Pattern.compile("[^=\"]*+=\"[^\"\\\\]*+\"");

  private final String name;

  SessionCookie(String name) {
    this.name = name;
  }

  /// Its value, of any shape.
  ///
  /// @throws dev.gatehouse.http.ProblemException if it is absent, there more than once, or too long
  String read(HttpServletRequest request) {
    // A cookie header split into lines means the same as one line (RFC 9113, 8.2.3).
    Pairs pairs = pairs(String.join("; ", Collections.list(request.getHeaders("Cookie"))));
    if (pairs.values().size() > 1 || pairs.doubtful()) {
      throw Problem.of(
              ProblemCode.AMBIGUOUS_COOKIE,
              "More than one cookie could be the session; delete this site's cookies.")
          .exception();
    }
    if (pairs.values().isEmpty()) {
      throw Problem.of(ProblemCode.NOT_AUTHENTICATED, "Sign in first.")
          .with("WWW-Authenticate", "Bearer")
          .exception();
    }
    return bounded(pairs.values().getFirst());
  }

  private String bounded(String value) {
    int size = (name + value).getBytes(StandardCharsets.UTF_8).length;
    if (size > MAX_BYTES) {
      throw Refusal.TOO_LONG.exception();
    }
    return value;
  }

  // Only `;` separates cookies, so another application's stray quote cannot swallow ours. But where
  // a parser that knows quoted strings would see our name inside one, the two readings differ, and
  // such a cookie must not sign anybody in.
  private Pairs pairs(String header) {
    List<String> values = new ArrayList<>();
    boolean doubtful = false;
    boolean quoteOpened = false;
    boolean oursBehind = false;
    for (String segment : header.split(";", -1)) {
      String pair = segment.strip();
      if (pair.startsWith(name + "=")) {
        values.add(pair.substring(name.length() + 1));
        oursBehind |= quoteOpened;
      }
      // Readers pair broken quotes in different ways; any quote behind ours may close one before
      // it.
      doubtful |= oursBehind && pair.contains("\"");
      quoteOpened |= leavesQuoteOpen(pair);
    }
    return new Pairs(values, doubtful);
  }

  private static boolean leavesQuoteOpen(String pair) {
    return OPENS_QUOTE.matcher(pair).lookingAt() && !QUOTED_PAIR.matcher(pair).matches();
  }

  private record Pairs(List<String> values, boolean doubtful) {}
}
