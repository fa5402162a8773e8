package dev.gatehouse.agent.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A part of a file, as RFC 9110 section 14 counts.
///
/// @param first the first byte's position
/// @param last the last byte's position, at least `first`
record ByteRange(long first, long last) {
  /// Longer numbers than this are no position in any file.
  private static final Pattern ONE =
      Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})", Pattern.CASE_INSENSITIVE);

  long length() {
    return last - first + 1;
  }

  /// What is wanted of a file, or nothing if that is no range, or several, and the whole file is to
  /// be sent.
  ///
  /// @param size of the file, above zero
  /// @throws Unsatisfiable if the file has no such part
  static Optional<ByteRange> of(String header, long size) throws Unsatisfiable {
    Matcher range = ONE.matcher(header.strip());
    if (!range.matches()) {
      return Optional.empty();
    }
    String from = range.group(1);
    String to = range.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(tail(Long.parseLong(to), size));
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
    if (last < first) {
      return Optional.empty();
    }
    if (first >= size) {
      throw new Unsatisfiable();
    }
    return Optional.of(new ByteRange(first, Math.min(last, size - 1)));
  }

  private static ByteRange tail(long length, long size) throws Unsatisfiable {
    if (length == 0) {
      throw new Unsatisfiable();
    }
    return new ByteRange(Math.max(0, size - length), size - 1);
  }

  /// The file ends before the range begins.
  static final class Unsatisfiable extends Exception {
    private static final long serialVersionUID = 1;

    private Unsatisfiable() {
      super("no such part", null, false, false);
    }
  }
}
