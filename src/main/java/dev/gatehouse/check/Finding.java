package dev.gatehouse.check;

import java.util.regex.Pattern;

/// What one probe found, as one line for an operator.
record Finding(boolean passed, String text) {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  static Finding passed(String text) {
    return new Finding(true, text);
  }

  /// Works, but could be better.
  static Finding advice(String text, String advice) {
    return passed(text + " — " + advice);
  }

  static Finding failed(String text, String cure) {
    return new Finding(false, text + " — " + cure);
  }

  /// The line; what other servers said can not play tricks on a terminal.
  @Override
  public String toString() {
    return (passed ? "✓ " : "✗ ") + CONTROL.matcher(text).replaceAll("?");
  }
}
