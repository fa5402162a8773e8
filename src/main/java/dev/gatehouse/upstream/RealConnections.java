package dev.gatehouse.upstream;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import okhttp3.Connection;
import okhttp3.internal.connection.BufferedSocket;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.http2.Http2Connection;
import okhttp3.internal.http2.Settings;

/// What OkHttp knows of a connection and has no public word for. The only place that reaches into
/// it: without the first, bytes that a server sent beyond the end of one user's answer would be the
/// start of the next user's; without the second, an HTTP/2 server may send 16 MiB that a slow
/// browser has not asked for. The version of OkHttp is pinned, and tests see both work.
final class RealConnections {
  private static final VarHandle SOCKET = field("socket", BufferedSocket.class);
  private static final VarHandle HTTP_2 = field("http2Connection", Http2Connection.class);

  private RealConnections() {}

  /// Whether bytes have been read from an HTTP/1.1 connection that belong to no answer.
  static boolean hasUnreadBytes(Connection connection) {
    BufferedSocket socket = (BufferedSocket) SOCKET.get((RealConnection) connection);
    return socket.getSource().getBuffer().size() > 0;
  }

  /// Limits how much an HTTP/2 server may send on each new stream before it has been read. Goes out
  /// before anything that is sent later, so it holds for the request at hand.
  ///
  /// @param bytes of the window (RFC 9113 section 6.9.2)
  /// @throws IOException if the connection is shut down
  static void limitStreamWindow(Connection connection, int bytes) throws IOException {
    if (HTTP_2.get((RealConnection) connection) instanceof Http2Connection http2) {
      http2.setSettings(new Settings().set(Settings.INITIAL_WINDOW_SIZE, bytes));
    }
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
