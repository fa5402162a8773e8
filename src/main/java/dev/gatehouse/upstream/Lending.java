package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.OutputStream;
import okio.BufferedSink;
import okio.SegmentedByteString;

/// Hands large arrays to OkHttp as they are, to be read from when it sends them: nothing in them
/// may change any more. What it is given otherwise it copies into pieces of 8 KiB, and writes each
/// of them by itself.
final class Lending extends OutputStream {
  /// Bytes; less is better copied, and sent together with what stands before.
  private static final int LARGE = 8 * 1024;

  private final BufferedSink sink;

  Lending(BufferedSink sink) {
    this.sink = sink;
  }

  @Override
  public void write(int one) throws IOException {
    sink.writeByte(one);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length < LARGE) {
      sink.write(bytes, offset, length);
    } else {
      sink.write(new SegmentedByteString(new byte[][] {bytes}, new int[] {length, offset}));
    }
  }

  @Override
  public void flush() throws IOException {
    sink.flush();
  }
}
