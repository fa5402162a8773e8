package dev.gatehouse.agent.chat;

import java.util.regex.Pattern;

/// Text of unknown origin, made fit to stand inside an answer: one line, no invisible characters,
/// nothing a Markdown renderer would turn into a link, an image or a tag.
public final class PlainText {
  private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");
  private static final Pattern MARKUP = Pattern.compile("[\\[\\]<>`*\\\\|]");

  private PlainText() {}

  /// At most `limit` code points, an ellipsis among them if something was cut off.
  public static String of(String text, int limit) {
    String line = UNSEEN.matcher(text).replaceAll(" ");
    String plain = MARKUP.matcher(line).replaceAll("").strip();
    if (plain.codePointCount(0, plain.length()) <= limit) {
      return plain;
    }
    return plain.substring(0, plain.offsetByCodePoints(0, limit - 1)).strip() + "…";
  }
}
