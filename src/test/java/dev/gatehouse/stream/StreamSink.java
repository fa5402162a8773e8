package dev.gatehouse.stream;

import java.io.IOException;
import java.io.OutputStream;

/// A sink that never begins what it can not end at once.
record StreamSink(OutputStream out) implements Sink {
  @Override
  public void write(byte[] bytes, int count) throws IOException {
    out.write(bytes, 0, count);
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
  public boolean begin(byte[] bytes, int count) {
    try {
      write(bytes, count);
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
