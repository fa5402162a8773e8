package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Uploads.UnwelcomeFile;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a browser says about a file that is welcome.
///
/// @param name for people; no path, but also no danger in a header or a line of text
/// @param size in bytes
/// @param mimeType without parameters, in lower case
record Announcement(String name, long size, String mimeType) {
  private static final int LONGEST_NAME = 255;
  private static final Pattern MIME_TYPE =
      Pattern.compile(
          "([a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126})( *;[ -~]{0,255})?");

  /// @param mimeType empty if the browser has no idea
  /// @throws UnwelcomeFile if there cannot or must not be such a file
  static Announcement of(String name, long size, String mimeType, long mostBytes) {
    if (name.isBlank() || name.length() > LONGEST_NAME || !name.chars().allMatch(c -> isText(c))) {
      throw new UnwelcomeFile("A file needs a plain name of at most 255 characters.");
    }
    if (size < 1) {
      throw new UnwelcomeFile("The file is empty.");
    }
    if (size > mostBytes) {
      throw new UnwelcomeFile("The file is larger than " + inWords(mostBytes) + ".");
    }
    return new Announcement(name, size, type(mimeType));
  }

  private static String type(String mimeType) {
    if (mimeType.isBlank()) {
      return Presentation.UNKNOWN_TYPE;
    }
    Matcher type = MIME_TYPE.matcher(mimeType.toLowerCase(Locale.ROOT));
    if (!type.matches()) {
      throw new UnwelcomeFile("The file's type is not one.");
    }
    return type.group(1);
  }

  private static boolean isText(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }

  private static String inWords(long bytes) {
    long mebibyte = 1024L * 1024;
    return bytes % mebibyte == 0 ? bytes / mebibyte + " MiB" : bytes + " bytes";
  }
}
