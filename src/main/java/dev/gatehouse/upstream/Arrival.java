package dev.gatehouse.upstream;

import dev.gatehouse.stream.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/// How the answer to one request arrives over HTTP/1.1: what a reader can know beforehand of
/// whether it will have to wait. Over HTTP/2, and in part over TLS, nothing is known.
final class Arrival {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

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

  /// Waits for bytes of the body or for its end, which must not have come yet, and takes what is
  /// there of a body in chunks past OkHttp. It waits here since OkHttp's own wait holds a buffer of
  /// 8 KiB.
  ///
  /// @param body of which everything that OkHttp holds has been taken
  /// @return what came, until the next read; no bytes if OkHttp has to be asked
  ByteBuffer read(BufferedSource body) throws IOException {
    Connection known = connection;
    if (known == null || !(known.socket() instanceof UpstreamSocket plain)) {
      return NOTHING;
    }
    ByteBuffer content = take(known, plain.received(), body);
    boolean open = true;
    while (open && !content.hasRemaining() && isWaitDue(known, plain.received(), body)) {
      open = allUnread(known, plain.received()).await();
      content = take(known, plain.received(), body);
    }
    return content;
  }

  private static ByteBuffer take(Connection connection, ReadAhead received, BufferedSource body) {
    if (!RealConnections.isChunked(body) || RealConnections.hasUnreadBytes(connection)) {
      return NOTHING;
    }
    ChunkReader chunks = chunks(received, body);
    ByteBuffer content = chunks.take();
    RealConnections.setLeftOfChunk(body, chunks.left());
    return content;
  }

  private static ChunkReader chunks(ReadAhead received, BufferedSource body) {
    return new ChunkReader(received, RealConnections.leftOfChunk(body));
  }

  /// Whether nothing can be read before more has come.
  private static boolean isWaitDue(Connection connection, ReadAhead received, BufferedSource body) {
    boolean partOfSize =
        !received.isEmpty()
            && !RealConnections.hasUnreadBytes(connection)
            && isBetweenChunks(body)
            && chunks(received, body).isInSize();
    return partOfSize || isReadUp(connection, received, body);
  }

  /// Whether neither OkHttp nor the socket holds anything, unless it is the end of a chunk's line.
  /// Elsewhere two bytes that look like one are content.
  private static boolean isReadUp(Connection connection, ReadAhead received, BufferedSource body) {
    boolean nothing = !RealConnections.hasUnreadBytes(connection);
    if (received.isEmpty() && nothing) {
      return true;
    }
    return RealConnections.isChunked(body)
        && RealConnections.leftOfChunk(body) == 0
        && (received.isEmpty()
            ? RealConnections.isLineEnd(connection)
            : nothing && received.isLineEnd());
  }

  /// Whether all chunks of the body that came have been taken, so that a wait is for the next.
  ///
  /// @param body of which everything that OkHttp holds has been taken
  boolean isSilent(BufferedSource body) {
    Connection known = connection;
    return known != null
        && known.socket() instanceof UpstreamSocket plain
        && isBetweenChunks(body)
        && isReadUp(known, plain.received(), body);
  }

  private static boolean isBetweenChunks(BufferedSource body) {
    return RealConnections.isChunked(body) && RealConnections.leftOfChunk(body) <= 0;
  }

  /// Has the socket hold what OkHttp holds, where only one of them holds anything.
  private static ReadAhead allUnread(Connection connection, ReadAhead received) {
    if (RealConnections.hasUnreadBytes(connection)) {
      received.putBack(RealConnections.takeUnread(connection));
    }
    return received;
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
    if (!isBetweenChunks(body)) {
      return !received.isEmpty() || RealConnections.hasUnreadBytes(known);
    }
    boolean due = RealConnections.leftOfChunk(body) == 0;
    return RealConnections.hasUnreadBytes(known)
        ? due && RealConnections.isLineEnd(known) && ChunkReader.hasContent(received, false)
        : ChunkReader.hasContent(received, due);
  }

  /// Has the chunks that come in such a silence taken by the thread that sees them come, without a
  /// thread that waits, as long as there is silence again behind them.
  ///
  /// @param body that is silent
  /// @param step is given what is in them; false to end
  /// @param then run once at the end, on any thread, which must not wait
  /// @return false if more may be there already
  boolean carry(BufferedSource body, ByteSource.Step step, Runnable then) throws IOException {
    Connection known = Objects.requireNonNull(connection);
    ReadAhead received = allUnread(known, ((UpstreamSocket) known.socket()).received());
    ChunkReader chunks = chunks(received, body);
    return received.carry(
        () -> {
          ByteBuffer content = chunks.take();
          boolean taken = !content.hasRemaining() || step.take(content);
          return taken && chunks.left() <= 0;
        },
        () -> {
          RealConnections.setLeftOfChunk(body, chunks.left());
          then.run();
        });
  }
}
