package dev.gatehouse.upstream;

import java.nio.ByteBuffer;

/// Takes what is in chunks (RFC 9112 section 7.1) past OkHttp, as long as they are written as
/// everybody writes them. OkHttp has some dozen objects to look at for each event of a stream, and
/// two more copies of every byte of a fast one. It finds itself where the content that was taken
/// ends, and reads what is left to it: sizes with an extension, the last chunk, what is broken.
final class ChunkReader {
  /// Of the size of a chunk that is looked at.
  private static final int MOST_DIGITS = 6;

  private static final int RADIX = 16;
  private static final byte[] LINE_END = {'\r', '\n'};

  private final ReadAhead received;
  private long left;

  /// @param received what comes next of the body, of which OkHttp holds nothing
  /// @param left of the chunk that was begun last. Where that is nothing, the end of its line comes
  ///   next; below zero before the first
  ChunkReader(ReadAhead received, long left) {
    this.received = received;
    this.left = left;
  }

  /// What is left of the chunk that was begun last, from where OkHttp has to go on.
  long left() {
    return left;
  }

  /// Takes all content there is. That of several chunks is moved together where it stands.
  ///
  /// @return what came, until more is waited for; no bytes if more has to come first, or OkHttp has
  ///   to read
  ByteBuffer take() {
    ByteBuffer raw = received.unread();
    int all = raw.remaining();
    int from = raw.position();
    int to = from;
    while (raw.hasRemaining()) {
      if (left <= 0) {
        int size = size(raw, left == 0);
        if (size == 0) {
          break;
        }
        left = size;
      }
      int count = (int) Math.min(left, raw.remaining());
      if (from == to) {
        from = raw.position();
        to = from;
      } else {
        raw.put(to, raw, raw.position(), count);
      }
      to += count;
      raw.position(raw.position() + count);
      left -= count;
    }
    received.lend(all - raw.remaining());
    return raw.limit(to).position(from);
  }

  /// Whether, between chunks, there is no more than a part of the line in front of the next.
  boolean isInSize() {
    ByteBuffer raw = received.unread();
    int start = raw.position() + (left == 0 ? LINE_END.length : 0);
    int end = endOfSize(raw, start);
    return (left != 0 || mayBeLineEnd(raw, raw.position()))
        && (end > start || start >= raw.limit())
        && mayBeLineEnd(raw, end)
        && end + LINE_END.length > raw.limit();
  }

  /// Whether there is at least a byte of a chunk.
  ///
  /// @param behindLineEnd whether the end of the chunk before comes first
  static boolean hasContent(ReadAhead received, boolean behindLineEnd) {
    ByteBuffer raw = received.unread();
    return size(raw, behindLineEnd) > 0 && raw.hasRemaining();
  }

  /// Reads the size of the chunk that begins.
  ///
  /// @return zero if there is none in front of its content; then nothing is read
  private static int size(ByteBuffer raw, boolean behindLineEnd) {
    int start = raw.position() + (behindLineEnd ? LINE_END.length : 0);
    int end = endOfSize(raw, start);
    int size = 0;
    for (int i = start; i < end; i++) {
      size = RADIX * size + Character.digit(raw.get(i), RADIX);
    }
    boolean plain = isLineEnd(raw, end) && (!behindLineEnd || isLineEnd(raw, raw.position()));
    if (!plain || size == 0) {
      return 0;
    }
    raw.position(end + LINE_END.length);
    return size;
  }

  private static int endOfSize(ByteBuffer raw, int start) {
    int most = Math.min(raw.limit(), start + MOST_DIGITS);
    int at = start;
    while (at < most && Character.digit(raw.get(at), RADIX) >= 0) {
      at++;
    }
    return at;
  }

  private static boolean isLineEnd(ByteBuffer raw, int at) {
    return at + LINE_END.length <= raw.limit() && mayBeLineEnd(raw, at);
  }

  /// Whether it is the end of a line, as far as it has come.
  private static boolean mayBeLineEnd(ByteBuffer raw, int at) {
    return (at >= raw.limit() || raw.get(at) == LINE_END[0])
        && (at + 1 >= raw.limit() || raw.get(at + 1) == LINE_END[1]);
  }
}
