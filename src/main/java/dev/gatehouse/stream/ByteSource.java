package dev.gatehouse.stream;

import java.io.IOException;

/// Where the bytes of an answer come from.
@FunctionalInterface
public interface ByteSource {

  /// Waits for bytes and takes what is there.
  ///
  /// @return how many, or -1 after a complete answer
  /// @throws IOException if the answer broke off
  int read(byte[] buffer) throws IOException;
}
