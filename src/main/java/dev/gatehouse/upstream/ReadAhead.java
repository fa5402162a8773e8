package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/// What a connection has received. As long as more is there than was asked for, more is taken at
/// once than will be asked for, so that a fast answer needs few reads; and while nothing comes, a
/// few hundred bytes are all that waits for it.
final class ReadAhead extends InputStream {
  /// Run before a thread on which it is bound asks a connection for bytes, for which it may have to
  /// wait. It goes with the thread, as a connection may be another exchange's by now.
  static final ScopedValue<Runnable> BEFORE_WAIT = ScopedValue.newInstance();

  private static final int LEAST = 512;
  private static final int MANY = 8 * 1024;
  private static final byte[] NOTHING = {};
  private static final byte[] LINE_END = {'\r', '\n'};

  /// Of the size of a chunk that is looked at.
  private static final int MOST_DIGITS = 6;

  private final WatchedChannel wire;
  private final SocketChannel channel;
  private byte[] bytes = NOTHING;
  private int start;
  private int end;
  private int room = LEAST;

  ReadAhead(SocketChannel channel) {
    this.channel = channel;
    this.wire = new WatchedChannel(channel, this::receive);
  }

  /// The connection itself.
  WatchedChannel wire() {
    return wire;
  }

  /// Whether nothing was received that has yet to be read.
  boolean isEmpty() {
    return start == end;
  }

  /// Waits for more bytes or the end, where no more than a few have yet to be read.
  void await() throws IOException {
    beforeWait();
    take(unread());
  }

  /// Puts some few bytes in front of what comes.
  void putBack(byte[] again) {
    bytes = again;
    start = 0;
    end = again.length;
  }

  /// Has what comes behind what has been put back taken by the thread that sees it come.
  ///
  /// @param step takes all of it, without waiting; false to end
  /// @param then run once at the end, on any thread, which must not wait
  /// @return false if more is there already than the end of a line: then that is all that is done
  boolean carry(BooleanSupplier step, Runnable then) throws IOException {
    if (wire.isOverdue() && fill(unread()) < 0) {
      return false;
    }
    if (wire.isOverdue() || !(isEmpty() || isLineEnd())) {
      return false;
    }
    putBack(unread()); // may have been a little in a lot of room
    wire.read(step, then);
    return true;
  }

  /// Whether what was received is the end of a line, and no more.
  boolean isLineEnd() {
    return end - start == 2 && isLineEnd(start);
  }

  /// Whether what was received begins with at least a byte of a chunk, behind a size as everybody
  /// writes it (RFC 9112 section 7.1).
  ///
  /// @param behindLineEnd whether the end of the chunk before comes first
  boolean hasChunk(boolean behindLineEnd) {
    if (behindLineEnd && !isLineEnd(start)) {
      return false;
    }
    int size = behindLineEnd ? start + 2 : start;
    int endOfSize = endOfSize(size);
    return endOfSize > size
        && bytes[size] != '0'
        && isLineEnd(endOfSize)
        && endOfSize + 2 < end;
  }

  /// Takes all that was received, if that is whole chunks as everybody writes them, and perhaps the
  /// end of the line behind the last one, which stays.
  ///
  /// @param behindLineEnd whether the end of the chunk before comes first
  /// @return what is in them; no bytes if anything else was received, and then nothing is taken
  byte[] takeChunks(boolean behindLineEnd) {
    byte[] content = new byte[end - start];
    int length = 0;
    int at = start;
    boolean due = behindLineEnd;
    while (at < end && !(due && at + 2 == end && isLineEnd(at))) {
      int size = due ? at + 2 : at;
      int endOfSize = endOfSize(size);
      int from = endOfSize + 2;
      int count = isLineEnd(endOfSize) ? size(size, endOfSize) : 0;
      if (count == 0 || from + count > end || (due && !isLineEnd(at))) {
        return NOTHING;
      }
      System.arraycopy(bytes, from, content, length, count);
      length += count;
      at = from + count;
      due = true;
    }
    putBack(at == end ? NOTHING : LINE_END);
    return Arrays.copyOf(content, length);
  }

  private int endOfSize(int from) {
    int at = from;
    while (at < Math.min(end, from + MOST_DIGITS) && Character.digit(bytes[at], 16) >= 0) {
      at++;
    }
    return at;
  }

  private int size(int from, int to) {
    int size = 0;
    for (int i = from; i < to; i++) {
      size = 16 * size + Character.digit(bytes[i], 16);
    }
    return size;
  }

  private byte[] unread() {
    return Arrays.copyOfRange(bytes, start, end);
  }

  private boolean isLineEnd(int at) {
    return at + 1 < end && bytes[at] == '\r' && bytes[at + 1] == '\n';
  }

  private void beforeWait() {
    wire.requireThreadThatMayWait();
    if (BEFORE_WAIT.isBound()) {
      BEFORE_WAIT.get().run();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (isEmpty() && length > 0) {
      beforeWait();
      if (wire.isOverdue() && length >= room) {
        int count = adjusted(wire.read(target, offset, length), length);
        if (count != 0) {
          return count;
        }
      }
      if (take(NOTHING) < 0) {
        return -1;
      }
    }
    int count = Math.min(length, end - start);
    System.arraycopy(bytes, start, target, offset, count);
    start += count;
    return count;
  }

  /// Waits for bytes, if there are none. Few are received by the thread that sees them come, many
  /// are left to this one, which asks for them before it waits: where bytes come fast, some more
  /// have come since it asked last.
  private int take(byte[] again) throws IOException {
    while (true) {
      boolean few = room <= MANY;
      int count = few && !wire.isOverdue() ? 0 : fill(again);
      if (count != 0) {
        return count;
      }
      putBack(again); // what is waited for needs no room yet
      if (!wire.awaitBytes(channel.socket().getSoTimeout(), few)) {
        return -1;
      }
      if (few && end > again.length) {
        return end - again.length;
      }
    }
  }

  private int fill(byte[] again) throws IOException {
    byte[] target = bytes.length == room ? bytes : new byte[room];
    System.arraycopy(again, 0, target, 0, again.length);
    bytes = target;
    start = 0;
    end = again.length;
    int count = adjusted(wire.read(target, end, room - end), room - end);
    end += Math.max(count, 0);
    return count;
  }

  /// Takes what came while somebody waited.
  private void receive(ByteBuffer fresh) {
    int count = fresh.remaining();
    bytes = Arrays.copyOf(bytes, end + count);
    fresh.get(bytes, end, count);
    end += count;
    adjusted(count, EventLoop.MOST_AT_ONCE);
  }

  private int adjusted(int count, int wanted) {
    if (count != 0) {
      int fitting = count == wanted ? 4 * wanted : 4 * Integer.highestOneBit(Math.max(count, 1));
      room = Math.clamp(fitting, LEAST, EventLoop.MOST_AT_ONCE);
    }
    return count;
  }

  @Override
  public int available() throws IOException {
    return end - start + channel.socket().getInputStream().available();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
