package dev.gatehouse.load;

import java.nio.charset.StandardCharsets;

/// The bytes of one answer: from its number alone, so that both ends know every one of them, and
/// different wherever a piece would be lost, repeated or given to another.
record Content(long number) {

  /// A piece.
  byte[] piece(long from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = at(from + i);
    }
    return bytes;
  }

  private byte at(long offset) {
    long mixed = (offset + number * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    return (byte) ('a' + ((mixed >>> 33) % 26));
  }

  /// Checks a piece that came.
  void check(byte[] bytes, int length, long from) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != at(from + i)) {
        throw new AssertionError(
            "answer %d differs at %d: %s"
                .formatted(
                    number, from + i, new String(bytes, 0, length, StandardCharsets.ISO_8859_1)));
      }
    }
  }
}
