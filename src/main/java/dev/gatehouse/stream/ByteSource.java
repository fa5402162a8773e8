package dev.gatehouse.stream;

import java.io.IOException;
import java.util.Optional;

/// Where the bytes of an answer come from.
@FunctionalInterface
public interface ByteSource {

  /// Waits for bytes and takes what is there. Nothing is held for the answer while it waits.
  ///
  /// @return an array of its own, which may have no bytes; nothing after a complete answer
  /// @throws IOException if the answer broke off
  Optional<byte[]> read() throws IOException;

  /// Has this run, on the thread that reads, whenever a read is about to wait.
  ///
  /// @return whether that can be known; if not, any read may wait
  default boolean beforeWaits(Runnable action) {
    return false;
  }
}
