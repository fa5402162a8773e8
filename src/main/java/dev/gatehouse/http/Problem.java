package dev.gatehouse.http;

import java.util.LinkedHashMap;
import java.util.Map;

/// Why a request was turned down, in the shape of RFC 9457.
///
/// @param detail what happened and what would help; never a word of the request itself
/// @param headers response headers that belong to it, such as `Allow` or `Retry-After`
public record Problem(ProblemCode code, String detail, Map<String, String> headers) {

  public Problem {
    headers = Map.copyOf(headers);
  }

  /// A problem without headers of its own.
  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, detail, Map.of());
  }

  /// The same problem with one more response header.
  public Problem with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Problem(code, detail, more);
  }

  /// This problem, ready to be thrown.
  public ProblemException exception() {
    return new ProblemException(this);
  }
}
