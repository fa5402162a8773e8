package dev.gatehouse.upstream;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Lets a request out on a pooled connection only after a look at whether the server has closed it
/// meanwhile: a message that is posted into a dead connection could never be posted again, since
/// nobody can tell whether it was read. Over HTTP/2 somebody always reads, and knows a little
/// later; under TLS that has to do.
final class Liveness implements Interceptor {
  private final Set<Connection> known =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  @Override
  public Response intercept(Chain chain) throws IOException {
    Connection connection = Objects.requireNonNull(chain.connection());
    boolean dead =
        StreamAdmission.isHttp2(connection)
            ? connection.socket() instanceof UpstreamSocket plain && plain.hasEnded()
            : !known.add(connection) && !isLive(connection);
    if (dead) {
      throw new NotSentException("the pooled connection is closed");
    }
    return chain.proceed(chain.request());
  }

  /// Whether there is nothing to read: an end is a closed connection, and a byte that nobody asked
  /// for is one that can not be trusted.
  private static boolean isLive(Connection connection) throws IOException {
    if (RealConnections.hasUnreadBytes(connection)) {
      return false;
    }
    return connection.socket() instanceof UpstreamSocket plain
        ? plain.isSilent()
        : isSilent(connection.socket());
  }

  /// Over TLS there is nothing to ask: the shortest wait there is, one millisecond.
  private static boolean isSilent(Socket socket) throws IOException {
    int timeout = socket.getSoTimeout();
    socket.setSoTimeout(1);
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException _) {
      return true;
    } catch (IOException _) {
      return false;
    } finally {
      socket.setSoTimeout(timeout);
    }
  }
}
