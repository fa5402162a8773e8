package dev.gatehouse.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Header values, and how they pass between two libraries that read the bytes of a value
/// differently: the container as ISO-8859-1, OkHttp as UTF-8. What is not ASCII passes as the bytes
/// it came as, where it is UTF-8.
final class HeaderText {
  private static final char DELETE = 0x7f;

  private HeaderText() {}

  /// RFC 9110 section 5.5, without the obsolete line folding.
  static boolean isFieldValue(String value) {
    return !hasControls(value.replace('\t', ' '));
  }

  static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == DELETE) {
        return true;
      }
    }
    return false;
  }

  /// For OkHttp, from the container.
  static String fromContainer(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return value; // no UTF-8: the characters then stay, as the bytes can not
    }
  }

  /// For the container, from OkHttp.
  static String toContainer(String value) {
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
