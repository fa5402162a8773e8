package dev.gatehouse.enrich;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names that an object of a JSON text has so far. A few are compared as they are spelled; only
/// of many, or if one has escapes, strings are made.
final class ObjectNames {
  private static final int FEW = 16;

  private final byte[] json;
  private final int[] starts = new int[FEW];
  private final int[] ends = new int[FEW];
  private int count;
  private @Nullable Set<String> texts;

  ObjectNames(byte[] json) {
    this.json = json;
  }

  /// Begins with another object.
  void clear() {
    count = 0;
    texts = null;
  }

  /// Takes one more; false if it is there already, or has half a surrogate pair, which means
  /// something else to every reader (RFC 8259 section 8.2).
  ///
  /// @param start offset behind the opening quote
  /// @param end offset of the closing quote
  boolean add(int start, int end) {
    boolean escaped = isEscaped(start, end);
    Set<String> known = texts;
    if (known == null) {
      if (count < FEW && !escaped) {
        return addSpelled(start, end);
      }
      known = new HashSet<>();
      for (int i = 0; i < count; i++) {
        known.add(JsonString.text(json, starts[i], ends[i]));
      }
      texts = known;
    }
    String text = JsonString.text(json, start, end);
    return (!escaped || isWhole(text)) && known.add(text);
  }

  private boolean addSpelled(int start, int end) {
    for (int i = 0; i < count; i++) {
      if (ends[i] - starts[i] == end - start
          && Arrays.equals(json, starts[i], ends[i], json, start, end)) {
        return false;
      }
    }
    starts[count] = start;
    ends[count] = end;
    count++;
    return true;
  }

  private boolean isEscaped(int start, int end) {
    for (int i = start; i < end; i++) {
      if (json[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  private static boolean isWhole(String text) {
    return text.codePoints()
        .noneMatch(point -> Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE);
  }
}
