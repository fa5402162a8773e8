package dev.gatehouse.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// A sink that never begins what it can not end at once.
record StreamSink(OutputStream out) implements Sink {
  @Override
  public void write(ByteBuffer bytes) throws IOException {
    out.write(Pieces.copy(bytes));
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public boolean isOwn() {
    return true;
  }

  @Override
  public boolean begin(ByteBuffer bytes) {
    try {
      write(bytes);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void settle() {
    // nothing is ever under way
  }
}
