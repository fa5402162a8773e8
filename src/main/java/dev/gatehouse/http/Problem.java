package dev.gatehouse.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Why a request was turned down, in the shape of RFC 9457.
///
/// @param detail what happened and what would help; never a word of the request itself
/// @param headers response headers that belong to it, such as `Allow` or `Retry-After`
/// @param reason a word for operators that is finer than the code; clients never see it
public record Problem(
    ProblemCode code, String detail, Map<String, String> headers, Optional<String> reason) {

  public Problem {
    headers = Map.copyOf(headers);
  }

  /// A problem without headers of its own.
  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, detail, Map.of(), Optional.empty());
  }

  /// The same problem with one more response header.
  public Problem with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Problem(code, detail, more, reason);
  }

  /// The same problem with a reason; one of few words of ours.
  public Problem because(String word) {
    return new Problem(code, detail, headers, Optional.of(word));
  }

  /// This problem, ready to be thrown.
  public ProblemException exception() {
    return new ProblemException(this);
  }
}
