package dev.gatehouse.enrich;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// Escapes within the strings of a JSON text, checked where they stand. Where there is one, more
/// are likely, and no processor can guess where: so 64 bytes are looked through at a time, without
/// a branch for each of them, as in Langdale and Lemire, "Parsing gigabytes of JSON per second",
/// 2019.
final class Escapes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;

  /// By the byte behind a backslash, whether it is all of an escape.
  private static final boolean[] SHORT = new boolean[256];

  static {
    for (char kind : "\"\\/bfnrt".toCharArray()) {
      SHORT[kind] = true;
    }
  }

  private Escapes() {}

  /// Goes past an escape, and past more of them with what stands for itself in between.
  ///
  /// @param backslash its offset
  /// @return the offset of what is neither, or of anything from which to go on
  static int behind(byte[] json, int backslash) {
    int from = backslash;
    while (from <= json.length - Long.SIZE) {
      long backslashes = 0;
      long ends = 0;
      for (int n = 0; n < Long.SIZE; n += Long.BYTES) {
        long bytes = (long) LONGS.get(json, from + n);
        backslashes |= topBits(~others(bytes, '\\')) << n;
        ends |= topBits(~others(bytes, '"') | ~printable(bytes) | bytes) << n;
      }
      if (backslashes == 0 && ends == 0) {
        return from + Long.SIZE;
      }
      int next = from + Long.SIZE;
      while (backslashes != 0) {
        int at = Long.numberOfTrailingZeros(backslashes);
        if (Long.numberOfTrailingZeros(ends) <= at) {
          break;
        }
        next = Math.max(next, behindOne(json, from + at));
        long escape = 3L << at;
        backslashes &= ~escape;
        ends &= ~escape;
      }
      if (ends != 0) {
        return from + Long.numberOfTrailingZeros(ends);
      }
      from = next;
    }
    return from < json.length && json[from] == '\\' ? behindOne(json, from) : from;
  }

  /// The top bit of each ASCII byte that is not this one. From a byte that is not ASCII on, nothing
  /// is sure.
  private static long others(long bytes, char one) {
    return (bytes ^ (one * ONES)) + 0x7f * ONES;
  }

  /// The top bit of each ASCII byte that is no control character. Behind a byte that is not ASCII,
  /// nothing is sure.
  private static long printable(long bytes) {
    return bytes + (0x80 - ' ') * ONES;
  }

  /// The top bits of eight bytes as the lowest eight of a number.
  private static long topBits(long bytes) {
    return (((bytes & TOPS) >>> 7) * 0x0102040810204080L) >>> 56;
  }

  private static int behindOne(byte[] json, int backslash) {
    int at = backslash + 1;
    int kind = at < json.length ? json[at] & 0xff : 0;
    if (SHORT[kind]) {
      return at + 1;
    }
    if (kind != 'u' || at + 4 >= json.length) {
      throw new MalformedJsonException();
    }
    for (int digit = at + 1; digit <= at + 4; digit++) {
      if (!HexFormat.isHexDigit(json[digit])) {
        throw new MalformedJsonException();
      }
    }
    return at + 5;
  }
}
