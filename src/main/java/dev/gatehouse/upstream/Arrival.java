package dev.gatehouse.upstream;

import java.io.IOException;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/// How the answer to one request arrives over HTTP/1.1: what a reader can know beforehand of
/// whether it will have to wait. Over HTTP/2, and in part over TLS, nothing is known.
final class Arrival {
  private volatile @Nullable Connection connection;
  private volatile boolean begun;

  /// Takes note of it.
  static Response note(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    Response response = chain.proceed(request);
    Arrival arrival = Companions.of(request).arrival();
    Connection connection = Objects.requireNonNull(chain.connection());
    if (!StreamAdmission.isHttp2(connection)) {
      boolean chunked = response.header("Transfer-Encoding") != null;
      arrival.connection = connection;
      arrival.begun =
          chunked
              ? RealConnections.hasUnreadChunk(connection)
              : RealConnections.hasUnreadBytes(connection);
    }
    return response;
  }

  /// Whether some of the body came together with the head. Then both can go out together as well:
  /// one packet less for the client to be woken by.
  boolean hasBegun() {
    return begun;
  }

  /// Whether it is the reader that waits for the connection, and not OkHttp on its behalf.
  boolean isByReader() {
    return connection != null;
  }

  /// Waits for bytes of the body or for its end, which must not have come yet. All bytes that there
  /// were must have been taken from OkHttp, whose own wait holds a buffer of 8 KiB.
  void await() throws IOException {
    Connection known = connection;
    if (known != null && known.socket() instanceof UpstreamSocket plain && isReadUp(known, plain)) {
      plain.received().await(RealConnections.takeUnread(known));
    }
  }

  /// Whether all chunks of the body that came have been taken, so that a wait is for the next.
  ///
  /// @param body of which everything that OkHttp holds has been taken
  boolean isSilent(BufferedSource body) {
    Connection known = connection;
    return known != null
        && known.socket() instanceof UpstreamSocket plain
        && isReadUp(known, plain)
        && RealConnections.isBetweenChunks(body);
  }

  /// Whether neither OkHttp nor the socket holds anything, but perhaps the end of a chunk's line.
  private static boolean isReadUp(Connection connection, UpstreamSocket socket) {
    return socket.received().isEmpty() && RealConnections.isReadUp(connection);
  }

  /// Whether OkHttp can be asked for more of the body without a wait.
  ///
  /// @param body which has not ended, of no set length or longer than what OkHttp holds of it
  boolean hasMore(BufferedSource body) {
    Connection known = connection;
    if (known == null || !(known.socket() instanceof UpstreamSocket plain)) {
      return false;
    }
    ReadAhead received = plain.received();
    if (!RealConnections.isBetweenChunks(body)) {
      return !received.isEmpty() || RealConnections.hasUnreadBytes(known);
    }
    boolean due = RealConnections.isLineEndDue(body);
    return RealConnections.hasUnreadBytes(known)
        ? due && RealConnections.isReadUp(known) && received.hasChunk(false)
        : received.hasChunk(due);
  }

  /// Has the chunks that come in such a silence taken by the thread that sees them come, without a
  /// thread that waits.
  ///
  /// @param body that is silent
  /// @param step takes a chunk from OkHttp, which has enough to give some of it; false to end
  /// @param then run once at the end, on any thread, which must not wait
  /// @return false if more may be there already
  boolean carry(BufferedSource body, BooleanSupplier step, Runnable then) throws IOException {
    Connection known = Objects.requireNonNull(connection);
    ReadAhead received = ((UpstreamSocket) known.socket()).received();
    received.putBack(RealConnections.takeUnread(known));
    return received.carry(
        () -> {
          boolean due = RealConnections.isLineEndDue(body);
          if (due && received.isLineEnd()) {
            return true; // of the chunk before, on its own
          }
          boolean goesOn = received.hasChunk(due) && step.getAsBoolean();
          if (goesOn) {
            received.putBack(RealConnections.takeUnread(known));
          }
          return goesOn;
        },
        then);
  }
}
