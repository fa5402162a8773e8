package dev.gatehouse.bench;

import java.nio.ByteBuffer;

/// Who reads a connection.
interface Receiver {
  /// Bytes that came; they have to be used at once.
  void received(Link link, ByteBuffer bytes);

  /// The other side closed the connection, or it broke.
  void closed(Link link);
}
