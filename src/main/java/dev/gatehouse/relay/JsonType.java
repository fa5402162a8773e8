package dev.gatehouse.relay;

import java.util.regex.Pattern;

/// The media types of JSON in UTF-8, such as `application/json` and `application/a2a+json`.
final class JsonType {
  private static final Pattern JSON =
      Pattern.compile(
          "application/(?:[\\w.+-]+\\+)?json\\s*+"
              + "(?:;\\s*+(?:charset\\s*+=\\s*+\"?utf-8\"?\\s*+|(?!charset)[^;]*+))*+",
          Pattern.CASE_INSENSITIVE);

  private JsonType() {}

  static boolean matches(String contentType) {
    return JSON.matcher(contentType.strip()).matches();
  }
}
