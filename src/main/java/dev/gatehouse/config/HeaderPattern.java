package dev.gatehouse.config;

import java.util.Locale;

/// A header name, or all that start alike when it ends in `*`; case-insensitive.
public record HeaderPattern(String text) {

  public HeaderPattern {
    String prefix = prefixOf(text);
    boolean valid = text.equals("*") || (HeaderName.isToken(prefix) && prefix.indexOf('*') < 0);
    new Requirements()
        .that(valid, "", "must be a header name, or the beginning of one followed by *")
        .hold();
  }

  /// Whether a header of that name is meant.
  public boolean matches(String name) {
    String prefix = prefixOf(text);
    return isPrefix()
        ? name.regionMatches(true, 0, prefix, 0, prefix.length())
        : name.equalsIgnoreCase(text);
  }

  /// Whether some header is meant by both.
  boolean overlaps(HeaderPattern other) {
    String ours = prefixOf(text).toLowerCase(Locale.ROOT);
    String theirs = prefixOf(other.text).toLowerCase(Locale.ROOT);
    return ours.equals(theirs)
        || (isPrefix() && theirs.startsWith(ours))
        || (other.isPrefix() && ours.startsWith(theirs));
  }

  private boolean isPrefix() {
    return text.endsWith("*");
  }

  private static String prefixOf(String text) {
    return text.endsWith("*") ? text.substring(0, text.length() - 1) : text;
  }
}
