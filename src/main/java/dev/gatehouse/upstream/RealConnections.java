package dev.gatehouse.upstream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import okhttp3.Connection;
import okhttp3.internal.connection.BufferedSocket;
import okhttp3.internal.connection.RealConnection;

/// What OkHttp knows of a connection and has no public word for. The only place that reaches into
/// it: without this, bytes that a server sent beyond the end of one user's answer would be the
/// start of the next user's. The version of OkHttp is pinned, and a test sees it work.
final class RealConnections {
  private static final VarHandle SOCKET = field("socket", BufferedSocket.class);

  private RealConnections() {}

  /// Whether bytes have been read from an HTTP/1.1 connection that belong to no answer.
  static boolean hasUnreadBytes(Connection connection) {
    BufferedSocket socket = (BufferedSocket) SOCKET.get((RealConnection) connection);
    return socket.getSource().getBuffer().size() > 0;
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
