package dev.gatehouse.stream;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

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

  /// Whether the next read would wait for what may be long in coming; false also where that can not
  /// be known.
  default boolean isSilent() {
    return false;
  }

  /// Waits, and has what comes carried meanwhile by whoever sees it come, as long as that is sure
  /// to take no wait. It returns when the next read should be this thread's, and at once where
  /// nothing can be sure.
  ///
  /// @param step reads once and sends what that gave, on a thread that must not wait; false to be
  ///   the last
  /// @throws IOException if the answer broke off
  default void carry(BooleanSupplier step) throws IOException {}
}
