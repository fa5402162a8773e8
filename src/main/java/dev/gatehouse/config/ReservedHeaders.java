package dev.gatehouse.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The headers that a configuration must keep its hands off.
final class ReservedHeaders {
  /// Authorization to tracestate: Gatehouse alone sets them. The rest never crosses, or belongs to
  /// one connection only (RFC 9110 section 7.6.1).
  private static final List<HeaderPattern> REQUEST =
      patterns(
          "Authorization Host Content-Length X-Request-Id Forwarded X-Forwarded-* Via"
              + " Accept-Encoding User-Agent Content-Type Accept traceparent tracestate"
              + " X-Page-Context X-CSRF Cookie Cookie2 Origin Referer Expect HTTP2-Settings"
              + " Connection Keep-Alive Proxy-* TE Trailer Transfer-Encoding Upgrade");

  private static final List<HeaderPattern> RESPONSE =
      patterns(
          "Set-Cookie Set-Cookie2 Access-Control-* Clear-Site-Data Server X-Accel-Redirect"
              + " Connection Keep-Alive Proxy-* TE Trailer Transfer-Encoding Upgrade");

  private ReservedHeaders() {}

  /// The reserved request header that this pattern would reach, if any.
  static Optional<String> inRequest(HeaderPattern pattern) {
    return firstMet(REQUEST, pattern);
  }

  /// The reserved response header that this pattern would reach, if any.
  static Optional<String> inResponse(HeaderPattern pattern) {
    return firstMet(RESPONSE, pattern);
  }

  private static Optional<String> firstMet(List<HeaderPattern> reserved, HeaderPattern pattern) {
    return reserved.stream().filter(pattern::overlaps).map(HeaderPattern::text).findFirst();
  }

  private static List<HeaderPattern> patterns(String names) {
    return Pattern.compile(" ").splitAsStream(names).map(HeaderPattern::new).toList();
  }
}
