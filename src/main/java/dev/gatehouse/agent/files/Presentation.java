package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Attachment;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// As what a browser is to take a file. It came from somebody who may mean ill, and is shown to
/// others under the agent's own origin: only what cannot hold a script is shown in place, and only
/// a short list of types is called by its name.
///
/// @param type for `Content-Type`
/// @param disposition for `Content-Disposition` (RFC 6266)
record Presentation(String type, String disposition) {
  static final String UNKNOWN_TYPE = "application/octet-stream";

  private static final Set<String> SHOWN =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
  private static final Set<String> NAMED = Set.of("application/pdf", "text/plain");
  private static final String AS_IT_IS = "!#$&+-.^_`|~";

  static Presentation of(Attachment attachment) {
    String type = attachment.mimeType();
    boolean shown = SHOWN.contains(type);
    String disposition =
        (shown ? "inline" : "attachment")
            + "; filename=\""
            + attachment.name().replaceAll("[^A-Za-z0-9 ._-]", "_")
            + "\"; filename*=UTF-8''"
            + encoded(attachment.name());
    return new Presentation(shown || NAMED.contains(type) ? type : UNKNOWN_TYPE, disposition);
  }

  /// As RFC 8187 has it.
  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xff);
      if (isAsciiLetterOrDigit(character) || AS_IT_IS.indexOf(character) >= 0) {
        encoded.append(character);
      } else {
        encoded.append(String.format("%%%02X", (int) character));
      }
    }
    return encoded.toString();
  }

  private static boolean isAsciiLetterOrDigit(char character) {
    return character < 0x80 && Character.isLetterOrDigit(character);
  }
}
