package dev.gatehouse.stream;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Where the bytes of an answer go. What is written goes out at once. One thread at a time may use
/// it.
public interface Sink {
  /// Writes, however long that takes.
  ///
  /// @param bytes in an array; they are not in use any more afterwards, unless that failed
  /// @throws IOException if the client does not take them
  void write(ByteBuffer bytes) throws IOException;

  /// Sends the head alone.
  void flush() throws IOException;

  /// Whether what is begun concerns this answer alone. Where others share its connection, whoever
  /// writes one of them may find itself writing and ending the others.
  boolean isOwn();

  /// Begins to write, without waiting.
  ///
  /// @param bytes in an array; they are in use until all is done
  /// @return whether all of it is done; if not, [#settle] has to be called before anything else
  boolean begin(ByteBuffer bytes);

  /// Waits for the end of what was begun, if it has not come yet.
  ///
  /// @throws IOException if the client did not take it
  void settle() throws IOException;
}
