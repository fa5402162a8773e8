package dev.gatehouse.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The header names that a configuration must keep its hands off.
final class HeaderName {
  /// Authorization to Via: Gatehouse alone sets them. The rest never crosses, or belongs to one
  /// connection only (RFC 9110 section 7.6.1).
  private static final List<HeaderPattern> REQUEST =
      patterns(
          "Authorization Host Content-Length X-Request-Id Forwarded X-Forwarded-* Via"
              + " Accept-Encoding Cookie Cookie2 Origin Referer Expect HTTP2-Settings"
              + " Connection Keep-Alive Proxy-* TE Trailer Transfer-Encoding Upgrade");

  private static final List<HeaderPattern> RESPONSE =
      patterns(
          "Set-Cookie Set-Cookie2 Access-Control-* Clear-Site-Data Server X-Accel-Redirect"
              + " Connection Keep-Alive Proxy-* TE Trailer Transfer-Encoding Upgrade");

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private HeaderName() {}

  /// Whether it is a token of RFC 9110 section 5.6.2, which also is what names a cookie.
  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  /// The name that servers which turn `-` into `_` cannot tell this one from.
  static String folded(String name) {
    return name.replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /// The reserved request header that this pattern would reach, if any.
  static Optional<String> reservedInRequest(HeaderPattern pattern) {
    return firstMet(REQUEST, pattern);
  }

  /// The reserved response header that this pattern would reach, if any.
  static Optional<String> reservedInResponse(HeaderPattern pattern) {
    return firstMet(RESPONSE, pattern);
  }

  private static Optional<String> firstMet(List<HeaderPattern> reserved, HeaderPattern pattern) {
    return reserved.stream().filter(pattern::overlaps).map(HeaderPattern::text).findFirst();
  }

  private static List<HeaderPattern> patterns(String names) {
    return Pattern.compile(" ").splitAsStream(names).map(HeaderPattern::new).toList();
  }
}
