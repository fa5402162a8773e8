package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/// What a connection has received. As long as more is there than was asked for, more is taken at
/// once than will be asked for, so that a fast answer needs few reads; and while nothing comes, a
/// few hundred bytes are all that waits for it.
final class ReadAhead extends InputStream {
  /// Run before a thread on which it is bound asks a connection for bytes, for which it may have to
  /// wait. It goes with the thread, as a connection may be another exchange's by now.
  static final ScopedValue<Runnable> BEFORE_WAIT = ScopedValue.newInstance();

  private static final int LEAST = 512;
  private static final int MOST = 32 * 1024;
  private static final byte[] NOTHING = {};

  private final Socket socket;
  private byte[] bytes = NOTHING;
  private int start;
  private int end;
  private int room = LEAST;

  ReadAhead(Socket socket) {
    this.socket = socket;
  }

  /// Whether nothing was received that has yet to be read.
  boolean isEmpty() {
    return start == end;
  }

  /// Waits for bytes or the end, where everything has been read.
  ///
  /// @param again some few bytes that are to be read once more, in front of what comes
  void await(byte[] again) throws IOException {
    beforeWait();
    take(again);
  }

  private static void beforeWait() {
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
      if (length >= room) {
        int count = socket.getInputStream().read(target, offset, length);
        adjust(count, length);
        return count;
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

  private int take(byte[] again) throws IOException {
    if (bytes.length != room) {
      bytes = new byte[room];
    }
    System.arraycopy(again, 0, bytes, 0, again.length);
    start = 0;
    end = again.length;
    int count = socket.getInputStream().read(bytes, end, room - end);
    adjust(count, room - end);
    end += Math.max(count, 0);
    return count;
  }

  private void adjust(int count, int wanted) {
    int fitting = count == wanted ? 4 * wanted : 4 * Integer.highestOneBit(Math.max(count, 1));
    room = Math.clamp(fitting, LEAST, MOST);
  }

  @Override
  public int available() throws IOException {
    return end - start + socket.getInputStream().available();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
