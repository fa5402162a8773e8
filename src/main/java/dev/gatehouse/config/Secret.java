package dev.gatehouse.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// A value that never prints, fit for a header.
public record Secret(String reveal) {
  private static final String FILE = "file:";
  private static final Pattern LINE_END = Pattern.compile("\\r?\\n\\z");
  private static final Pattern FIELD_VALUE =
      Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e\\t]*[\\x21-\\x7e])?");

  public Secret {
    new Requirements()
        .that(
            FIELD_VALUE.matcher(reveal).matches(),
            "",
            "must be one line of printable ASCII, not empty and without spaces around it")
        .hold();
  }

  /// The value itself, or with `file:/path` the content of a file without its last line end.
  ///
  /// @throws IllegalArgumentException if there is nothing to read or nothing fit for a header
  static Secret parse(String text) {
    return new Secret(text.startsWith(FILE) ? content(text.substring(FILE.length())) : text);
  }

  private static String content(String path) {
    try {
      return LINE_END.matcher(Files.readString(Path.of(path))).replaceFirst("");
    } catch (IOException | InvalidPathException _) {
      throw new InvalidSettingException(
          "the file named after file: cannot be read; check that it exists and may be read");
    }
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
