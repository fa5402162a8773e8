package dev.gatehouse.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Header values between two libraries that read the bytes of a value differently: the container as
/// ISO-8859-1, OkHttp as UTF-8. What is not ASCII passes as the bytes it came as, where it is
/// UTF-8.
final class HeaderText {
  private HeaderText() {}

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
