package dev.gatehouse.enrich;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Strings of a JSON text in UTF-8, checked where they stand.
final class JsonString {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;

  /// By byte, whether it stands for itself.
  private static final boolean[] PLAIN = new boolean[256];

  static {
    for (int b = 0; b < PLAIN.length; b++) {
      PLAIN[b] = (notPlain(b) & 0x80) == 0;
    }
  }

  private JsonString() {}

  /// The offset behind the quote that closes a string.
  ///
  /// @param from offset behind the quote that opens it
  static int end(byte[] json, int from) {
    int at = from;
    while (true) {
      at = behindPlain(json, at);
      byte b = byteAt(json, at);
      if (b == '"') {
        return at + 1;
      } else if (b == '\\') {
        at = Escapes.behind(json, at);
      } else if (b < 0) {
        at = behindCharacters(json, at);
      } else {
        throw new MalformedJsonException();
      }
    }
  }

  /// What stands between the quotes of a string that was found to be one, without its escapes. An
  /// escaped half of a surrogate pair is taken as it is.
  static String text(byte[] json, int from, int to) {
    String raw = new String(json, from, to - from, StandardCharsets.UTF_8);
    int escape = raw.indexOf('\\');
    if (escape < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder(raw.length());
    int done = 0;
    while (escape >= 0) {
      char kind = raw.charAt(escape + 1);
      text.append(raw, done, escape).append(escaped(raw, escape, kind));
      done = escape + (kind == 'u' ? 6 : 2);
      escape = raw.indexOf('\\', done);
    }
    return text.append(raw, done, raw.length()).toString();
  }

  private static char escaped(String raw, int escape, char kind) {
    return switch (kind) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> (char) HexFormat.fromHexDigits(raw, escape + 2, escape + 6);
      default -> kind;
    };
  }

  /// Goes past ASCII that stands for itself, eight bytes at a time.
  private static int behindPlain(byte[] json, int from) {
    int at = from;
    int lastTwo = json.length - 2 * Long.BYTES;
    while (at <= lastTwo) {
      long found = notPlain((long) LONGS.get(json, at));
      if (found == 0) {
        at += Long.BYTES;
        found = notPlain((long) LONGS.get(json, at));
      }
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < json.length && PLAIN[json[at] & 0xff]) {
      at++;
    }
    return at;
  }

  /// The top bit of each byte that is a quote, a backslash, a control character or not ASCII.
  /// Subtracting may borrow from the byte above one of these: only the lowest bit is sure.
  private static long notPlain(long bytes) {
    long quotes = (bytes ^ ('"' * ONES)) - ONES;
    long backslashes = (bytes ^ ('\\' * ONES)) - ONES;
    long controls = bytes - ' ' * ONES;
    return (bytes | quotes | backslashes | controls) & TOPS;
  }

  /// Goes past characters of several bytes (RFC 3629 section 4).
  private static int behindCharacters(byte[] json, int from) {
    int at = from;
    do {
      int lead = json[at++] & 0xff;
      if (lead < 0xc2 || lead > 0xf4) {
        throw new MalformedJsonException();
      }
      // What is overlong, a surrogate or above U+10FFFF shows in the second byte.
      int lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      int highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      within(json, at++, lowest, highest);
      if (lead >= 0xe0) {
        within(json, at++, 0x80, 0xbf);
      }
      if (lead >= 0xf0) {
        within(json, at++, 0x80, 0xbf);
      }
    } while (byteAt(json, at) < 0);
    return at;
  }

  private static void within(byte[] json, int at, int lowest, int highest) {
    int b = byteAt(json, at) & 0xff;
    if (b < lowest || b > highest) {
      throw new MalformedJsonException();
    }
  }

  /// That byte, or behind the text one that no string may have.
  private static byte byteAt(byte[] json, int at) {
    return at < json.length ? json[at] : 0;
  }
}
