package dev.gatehouse.stream;

import java.io.IOException;

/// Where the bytes of an answer go. What is written goes out at once. One thread at a time may use
/// it.
public interface Sink {
  /// Writes, however long that takes.
  ///
  /// @param bytes not to be changed any more
  /// @param count of them, from the first
  /// @throws IOException if the client does not take them
  void write(byte[] bytes, int count) throws IOException;

  /// Sends the head alone.
  void flush() throws IOException;

  /// Whether what is begun concerns this answer alone. Where others share its connection, whoever
  /// writes one of them may find itself writing and ending the others.
  boolean isOwn();

  /// Begins to write, without waiting.
  ///
  /// @return whether all of it is done; if not, [#settle] has to be called before anything else
  boolean begin(byte[] bytes, int count);

  /// Waits for the end of what was begun, if it has not come yet.
  ///
  /// @throws IOException if the client did not take it
  void settle() throws IOException;
}
