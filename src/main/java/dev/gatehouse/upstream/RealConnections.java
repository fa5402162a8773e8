package dev.gatehouse.upstream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import okhttp3.Connection;
import okhttp3.internal.connection.BufferedSocket;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.http2.Http2Connection;
import okio.Buffer;

/// What OkHttp knows of a connection and has no public word for. The only place that reaches into
/// it: without this, bytes that a server sent beyond the end of one user's answer would be the
/// start of the next user's, and an HTTP/2 stream might hold 16 MiB. The version of OkHttp is
/// pinned, and tests see it work.
final class RealConnections {
  private static final VarHandle SOCKET = field("socket", BufferedSocket.class);
  private static final VarHandle HTTP_2 = field("http2Connection", Http2Connection.class);

  private RealConnections() {}

  /// Whether bytes have been read from an HTTP/1.1 connection that belong to no answer.
  static boolean hasUnreadBytes(Connection connection) {
    return unread(connection).size() > 0;
  }

  /// Whether what has been read from an HTTP/1.1 connection begins with a chunk, of which there is
  /// more than its size (RFC 9112 section 7.1). The last chunk is none: it has trailers after it,
  /// which may be on their way.
  static boolean hasUnreadChunk(Connection connection) {
    Buffer unread = unread(connection);
    long endOfSize = unread.indexOf((byte) '\n');
    return endOfSize > 0 && unread.size() > endOfSize + 1 && unread.getByte(0) != '0';
  }

  /// Whether there is nothing unread on an HTTP/1.1 connection, unless it is the end of a chunk's
  /// line (RFC 9112 section 7.1), which is read with what follows.
  static boolean isReadUp(Connection connection) {
    return unread(connection).size() == 0 || isAtEndOfChunk(connection);
  }

  /// Whether all that is unread on an HTTP/1.1 connection is the end of a chunk's line.
  static boolean isAtEndOfChunk(Connection connection) {
    Buffer unread = unread(connection);
    return unread.size() == 2 && unread.getByte(0) == '\r' && unread.getByte(1) == '\n';
  }

  /// Takes what is unread on an HTTP/1.1 connection out of OkHttp's hands, to be given back later.
  static byte[] takeUnread(Connection connection) {
    return unread(connection).readByteArray();
  }

  private static Buffer unread(Connection connection) {
    BufferedSocket socket = (BufferedSocket) SOCKET.get((RealConnection) connection);
    return socket.getSource().getBuffer();
  }

  /// The HTTP/2 side of a connection that speaks it.
  static Http2Connection http2(Connection connection) {
    return (Http2Connection) HTTP_2.get((RealConnection) connection);
  }

  /// Takes note of how many streams the server takes, which OkHttp does on its own a little later.
  static void limitStreams(Connection connection) {
    Http2Connection http2 = http2(connection);
    ((RealConnection) connection).onSettings(http2, http2.getPeerSettings());
  }

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(RealConnection.class, MethodHandles.lookup())
          .findVarHandle(RealConnection.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this is not the OkHttp that Gatehouse was built with", e);
    }
  }
}
