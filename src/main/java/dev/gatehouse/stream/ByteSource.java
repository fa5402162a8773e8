package dev.gatehouse.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Where the bytes of an answer come from.
@FunctionalInterface
public interface ByteSource {

  /// Waits for bytes and takes what is there. Nothing is held for the answer while it waits.
  ///
  /// @return what came, in an array, until the next read; it may have no bytes. Nothing after a
  ///   complete answer
  /// @throws IOException if the answer broke off
  Optional<ByteBuffer> read() throws IOException;

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

  /// What is done with bytes that came in a silence.
  @FunctionalInterface
  interface Step {
    /// Sends them on, on a thread that must not wait.
    ///
    /// @param bytes in an array, until the next read; it may have none
    /// @return false if that was the last step: what comes next is to be read
    boolean take(ByteBuffer bytes);
  }

  /// Has what comes in such a silence carried by whoever sees it come, as long as that is sure to
  /// take no wait, and there is silence again behind it. Meanwhile there need be no thread for it.
  ///
  /// @param then run once when the next read should be by a thread that may wait, on one that must
  ///   not
  /// @return false if the next read should be now; then nothing is run
  /// @throws IOException if the answer broke off; then neither
  default boolean carry(Step step, Runnable then) throws IOException {
    return false;
  }
}
