package dev.gatehouse.agent.mcp;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a `WWW-Authenticate` header wants (RFC 6750, section 3).
final class Challenge {
  private static final Pattern SCOPE =
      Pattern.compile(
          "(?:^|[\\s,])scope\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]+))", Pattern.CASE_INSENSITIVE);
  private static final Pattern BLANK = Pattern.compile(" +");
  private static final Pattern READABLE = Pattern.compile("[A-Za-z0-9._:/+~-]{1,64}");
  private static final int MOST = 10;

  private Challenge() {}

  /// The scopes that were missing; none that people could not read.
  static List<String> scopes(HttpHeaders headers) {
    return headers.allValues("WWW-Authenticate").stream()
        .filter(header -> header.regionMatches(true, 0, "Bearer", 0, "Bearer".length()))
        .flatMap(Challenge::scopes)
        .filter(scope -> READABLE.matcher(scope).matches())
        .distinct()
        .limit(MOST)
        .toList();
  }

  private static Stream<String> scopes(String header) {
    Matcher scope = SCOPE.matcher(header);
    if (!scope.find()) {
      return Stream.empty();
    }
    String list = scope.group(1) == null ? scope.group(2) : scope.group(1);
    return BLANK.splitAsStream(list);
  }
}
