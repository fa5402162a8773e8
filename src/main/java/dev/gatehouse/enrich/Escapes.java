package dev.gatehouse.enrich;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// Escapes within the strings of a JSON text, checked where they stand. Where there is one, more
/// are likely, and no processor can guess where: so 64 bytes are looked through at a time, without
/// a branch for each of them, as in Langdale and Lemire, "Parsing gigabytes of JSON per second",
/// 2019.
///
/// What is found in 64 bytes is a mask with a bit for each. While they are read, eight at a time,
/// it is filled by columns: bit 8b + w is byte b of word w, so that what a word gives needs no more
/// than a shift. That is enough to see whether all is as usual; [rows][#rows] puts the bits in
/// order for those who have to know where something is.
///
/// Of what may stand behind a backslash, a quote and the n of a new line have masks, the latter
/// where it is asked for; the rest is seldom, and looked at one by one.
final class Escapes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;
  private static final long ODD_BITS = 0xaaaaaaaaaaaaaaaaL;
  private static final int LAST = Long.SIZE - 1;

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
    while (from <= json.length - Long.SIZE && isAscii(json, from)) {
      long backslashes = 0;
      long quotes = 0;
      long other = 0;
      for (int word = 0; word < Long.BYTES; word++) {
        long bytes = (long) LONGS.get(json, from + word * Long.BYTES);
        int column = Long.BYTES - 1 - word;
        backslashes |= (~isNot(bytes, '\\') & TOPS) >>> column;
        quotes |= (~isNot(bytes, '"') & TOPS) >>> column;
        other |= other(bytes);
      }
      other &= TOPS;
      if ((backslashes | quotes | other) == 0) {
        return from + Long.SIZE;
      }
      long escaped = nextInColumns(backslashes);
      if ((other | (quotes & ~escaped) | (escaped & backslashes)) == 0) {
        long rest = escaped & ~quotes;
        if (rest != 0) {
          rest &= ~newlines(json, from);
        }
        int next = from + Long.SIZE - (int) (backslashes >>> LAST);
        from = rest == 0 ? next : Math.max(next, behindEach(json, from, rows(rest)));
      } else {
        int next =
            behindMore(
                json,
                from,
                rows(backslashes),
                rows(quotes),
                rows(newlines(json, from)),
                other == 0 ? 0 : rows(others(json, from)));
        if (next < from + LAST) {
          return next;
        }
        from = next;
      }
    }
    return from < json.length && json[from] == '\\' ? behindOne(json, from) : from;
  }

  /// In columns, each n of 64 bytes.
  private static long newlines(byte[] json, int from) {
    long newlines = 0;
    for (int word = 0; word < Long.BYTES; word++) {
      long bytes = (long) LONGS.get(json, from + word * Long.BYTES);
      newlines |= (~isNot(bytes, 'n') & TOPS) >>> (Long.BYTES - 1 - word);
    }
    return newlines;
  }

  /// In columns, what of 64 bytes is a control character or not ASCII.
  private static long others(byte[] json, int from) {
    long others = 0;
    for (int word = 0; word < Long.BYTES; word++) {
      long bytes = (long) LONGS.get(json, from + word * Long.BYTES);
      others |= (other(bytes) & TOPS) >>> (Long.BYTES - 1 - word);
    }
    return others;
  }

  /// Looks at 64 bytes in which the string may end, or a backslash is escaped itself.
  ///
  /// @return the offset of the end, or the one behind the last whole escape
  private static int behindMore(
      byte[] json, int from, long backslashes, long quotes, long newlines, long others) {
    // Of backslashes in a row each second one is escaped: the subtraction carries along a row.
    long series = ((backslashes << 1 | ODD_BITS) - backslashes) ^ ODD_BITS;
    long escaped = series ^ backslashes;
    long ends = others | (quotes & ~escaped);
    long upToEnd = ends ^ (ends - 1);
    // From the first of the others on, the other masks are not sure, and it may be escaped itself.
    long rest = escaped & upToEnd & ~((backslashes | quotes | newlines) & ~others);
    int next = behindEach(json, from, rest);
    if (ends != 0) {
      return from + Long.numberOfTrailingZeros(ends);
    }
    return Math.max(next, from + Long.SIZE - (int) ((series & backslashes) >>> LAST));
  }

  /// @param escaped in rows, what stands behind a backslash
  /// @return the offset behind the last of these escapes, or the first offset if there is none
  private static int behindEach(byte[] json, int from, long escaped) {
    int next = from;
    for (long left = escaped; left != 0; left &= left - 1) {
      next = Math.max(next, behindOne(json, from + Long.numberOfTrailingZeros(left) - 1));
    }
    return next;
  }

  /// In columns, the byte behind each of these; behind a word's last one comes the next word's
  /// first.
  private static long nextInColumns(long mask) {
    return mask << Long.BYTES | (mask >>> (LAST - Long.BYTES) & 0xfe);
  }

  /// From columns to rows, or back: the transpose of eight by eight bits (Warren, "Hacker's
  /// Delight", 7-3).
  private static long rows(long columns) {
    long ones = (columns ^ columns >>> 7) & 0x00aa00aa00aa00aaL;
    long pairs = columns ^ ones ^ ones << 7;
    long twos = (pairs ^ pairs >>> 14) & 0x0000cccc0000ccccL;
    long fours = pairs ^ twos ^ twos << 14;
    long halves = (fours ^ fours >>> 28) & 0x00000000f0f0f0f0L;
    return fours ^ halves ^ halves << 28;
  }

  /// The top bit of each ASCII byte that is not this one. From a byte that is not ASCII on, nothing
  /// is sure.
  private static long isNot(long bytes, char one) {
    return (bytes ^ (one * ONES)) + 0x7f * ONES;
  }

  /// The top bit of each byte that is a control character or not ASCII. Behind one that is not
  /// ASCII, nothing is sure.
  private static long other(long bytes) {
    return ~(bytes + (0x80 - ' ') * ONES) | bytes;
  }

  /// Whether the next 16 bytes are. Otherwise the string's own scanner takes over before a block
  /// was worth it.
  private static boolean isAscii(byte[] json, int from) {
    long bytes = (long) LONGS.get(json, from) | (long) LONGS.get(json, from + Long.BYTES);
    return (bytes & TOPS) == 0;
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
