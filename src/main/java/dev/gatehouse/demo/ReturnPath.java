package dev.gatehouse.demo;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a browser goes after signing in or out: always a path of our own.
record ReturnPath(String path) {
  static final ReturnPath HOME = new ReturnPath("/");

  // Narrow on purpose. `//` and `/\` name another host, and encoded slashes, white space and dot
  // segments become one of them in the eyes of some proxy or browser.
  private static final Pattern LOCAL =
      Pattern.compile("(/[A-Za-z0-9_~+-][A-Za-z0-9._~+-]*)*/?(\\?[A-Za-z0-9._~=&+-]*)?(#[\\w-]*)?");
  private static final int LONGEST = 512;

  /// The path, or home if it is anything but a plain local one.
  static ReturnPath of(@Nullable String wanted) {
    if (wanted == null
        || wanted.length() > LONGEST
        || !wanted.startsWith("/")
        || !LOCAL.matcher(wanted).matches()) {
      return HOME;
    }
    return new ReturnPath(wanted);
  }
}
