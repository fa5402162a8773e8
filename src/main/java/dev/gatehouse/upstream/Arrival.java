package dev.gatehouse.upstream;

import dev.gatehouse.stream.ByteSource;
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
      allUnread(known, plain).await();
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
    return socket.received().isEmpty()
        ? RealConnections.isReadUp(connection)
        : socket.received().isLineEnd() && !RealConnections.hasUnreadBytes(connection);
  }

  /// Has the socket hold what OkHttp holds, where only one of them holds anything.
  private static ReadAhead allUnread(Connection connection, UpstreamSocket socket) {
    if (socket.received().isEmpty()) {
      socket.received().putBack(RealConnections.takeUnread(connection));
    }
    return socket.received();
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
  /// thread that waits, as long as they come whole.
  ///
  /// @param body that is silent
  /// @param step is given what is in them; false to end
  /// @param then run once at the end, on any thread, which must not wait
  /// @return false if more may be there already
  boolean carry(BufferedSource body, ByteSource.Step step, Runnable then) throws IOException {
    Connection known = Objects.requireNonNull(connection);
    ReadAhead received = allUnread(known, (UpstreamSocket) known.socket());
    return received.carry(new WholeChunks(body, received, step), then);
  }

  /// Takes chunks past OkHttp, which has some dozen objects to look at for each, and finds itself
  /// where it was: between two of them.
  private static final class WholeChunks implements BooleanSupplier {
    private final BufferedSource body;
    private final ReadAhead received;
    private final ByteSource.Step step;
    private boolean lineEndDue;

    WholeChunks(BufferedSource body, ReadAhead received, ByteSource.Step step) {
      this.body = body;
      this.received = received;
      this.step = step;
      this.lineEndDue = RealConnections.isLineEndDue(body);
    }

    @Override
    public boolean getAsBoolean() {
      if (lineEndDue && received.isLineEnd()) {
        return true; // of the chunk before, on its own
      }
      byte[] content = received.takeChunks(lineEndDue);
      if (content.length == 0) {
        return false;
      }
      if (!lineEndDue) {
        RealConnections.setLineEndDue(body);
        lineEndDue = true;
      }
      return step.take(content);
    }
  }
}
