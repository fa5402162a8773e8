package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/// Sends what it is given; but pieces as large as OkHttp's, of which more are likely to follow, are
/// collected until there are some, or all are to be on their way.
final class Collected extends OutputStream {
  private static final int LARGE = 8 * 1024;
  private static final int MOST = 64 * 1024;
  private static final byte[] NOTHING = {};

  private final Socket socket;
  private byte[] bytes = NOTHING;
  private int length;

  Collected(Socket socket) {
    this.socket = socket;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    if (count > MOST - length) {
      send();
    }
    if (count >= MOST || (length == 0 && count < LARGE)) {
      socket.getOutputStream().write(source, offset, count);
      return;
    }
    if (bytes.length == 0) {
      bytes = new byte[MOST];
    }
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  private void send() throws IOException {
    int count = length;
    length = 0;
    socket.getOutputStream().write(bytes, 0, count);
  }

  @Override
  public void flush() throws IOException {
    if (length > 0) {
      send();
    }
    bytes = NOTHING;
  }

  @Override
  public void close() throws IOException {
    flush();
    socket.close();
  }
}
