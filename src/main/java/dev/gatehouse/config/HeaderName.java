package dev.gatehouse.config;

import java.util.Locale;
import java.util.regex.Pattern;

/// What a header may be called.
final class HeaderName {
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
}
