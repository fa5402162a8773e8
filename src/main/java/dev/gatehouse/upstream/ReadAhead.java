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

  private final WatchedChannel wire;
  private final SocketChannel channel;
  private byte[] bytes = NOTHING;
  private int start;
  private int end;
  private int room = LEAST;
  private boolean lent;

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

  /// Waits for more bytes or the end, where no more than a few have yet to be read. What was read
  /// without a copy is not in use any more.
  ///
  /// @return false at the end
  boolean await() throws IOException {
    beforeWait();
    lent = false;
    return take(rest()) >= 0;
  }

  /// Puts some few bytes in front of what comes.
  void putBack(byte[] again) {
    bytes = again;
    start = 0;
    end = again.length;
    lent = false;
  }

  /// Has what comes behind what has been put back taken by the thread that sees it come.
  ///
  /// @param step takes it, without waiting; false to end, as it also does with more left behind
  ///   than the end of a line
  /// @param then run once at the end, on any thread, which must not wait
  /// @return false if more is there already than the end of a line: then that is all that is done
  boolean carry(BooleanSupplier step, Runnable then) throws IOException {
    if (wire.isOverdue() && fill(rest()) < 0) {
      return false;
    }
    if (wire.isOverdue() || !(isEmpty() || isLineEnd())) {
      return false;
    }
    putBack(rest()); // may have been a little in a lot of room
    wire.read(
        () -> {
          boolean goesOn = step.getAsBoolean() && (isEmpty() || isLineEnd());
          putBack(rest());
          return goesOn;
        },
        then);
    return true;
  }

  /// Whether what has yet to be read looks like the end of a line, and no more.
  boolean isLineEnd() {
    return end - start == 2 && bytes[start] == '\r' && bytes[start + 1] == '\n';
  }

  /// What was received and has yet to be read.
  ByteBuffer unread() {
    return ByteBuffer.wrap(bytes, start, end - start);
  }

  /// Reads some of that without a copy. It stays as it is until [#await]: whoever else reads, as
  /// OkHttp does what is left of an answer or another user's answer, does so into another array.
  ///
  /// @param count of bytes, which are there
  void lend(int count) {
    start += count;
    lent = lent || count > 0;
  }

  private byte[] rest() {
    return Arrays.copyOfRange(bytes, start, end);
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
      if (lent) {
        putBack(NOTHING); // for good: whoever waits next may be another
      }
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
    byte[] target = bytes.length == room && !lent ? bytes : new byte[room];
    System.arraycopy(again, 0, target, 0, again.length);
    bytes = target;
    lent = false;
    start = 0;
    end = again.length;
    int count = adjusted(wire.read(target, end, room - end), room - end);
    end += Math.max(count, 0);
    return count;
  }

  /// Takes what came while somebody waited.
  private void receive(ByteBuffer fresh) {
    int before = end - start;
    int count = fresh.remaining();
    putBack(Arrays.copyOfRange(bytes, start, end + count));
    fresh.get(bytes, before, count);
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
