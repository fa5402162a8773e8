package dev.gatehouse.upstream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import okhttp3.Connection;
import okhttp3.internal.connection.BufferedSocket;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.http1.Http1ExchangeCodec;
import okhttp3.internal.http2.Http2Connection;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.RealBufferedSource;
import okio.Source;
import org.jspecify.annotations.Nullable;

/// What OkHttp knows of a connection and has no public word for. The only place that reaches into
/// it: without this, bytes that a server sent beyond the end of one user's answer would be the
/// start of the next user's, and an HTTP/2 stream might hold 16 MiB. The version of OkHttp is
/// pinned, and tests see it work.
final class RealConnections {
  private static final VarHandle SOCKET =
      field(RealConnection.class, "socket", BufferedSocket.class);
  private static final VarHandle HTTP_2 =
      field(RealConnection.class, "http2Connection", Http2Connection.class);
  private static final Class<?> CHUNKED = chunked();
  private static final VarHandle LEFT_OF_CHUNK =
      field(CHUNKED, "bytesRemainingInChunk", long.class);

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

  /// Whether what is unread on an HTTP/1.1 connection looks like the end of a line, and no more.
  static boolean isLineEnd(Connection connection) {
    Buffer unread = unread(connection);
    return unread.size() == 2 && unread.getByte(0) == '\r' && unread.getByte(1) == '\n';
  }

  /// Whether a body comes in chunks (RFC 9112 section 7.1).
  static boolean isChunked(BufferedSource body) {
    return CHUNKED.isInstance(delegate(body));
  }

  /// How much of the chunk that was begun last OkHttp has yet to take; below zero before the first.
  ///
  /// @param body that comes in chunks
  static long leftOfChunk(BufferedSource body) {
    return (long) LEFT_OF_CHUNK.get(delegate(body));
  }

  /// Has OkHttp go on there, behind what was taken past it.
  static void setLeftOfChunk(BufferedSource body, long left) {
    LEFT_OF_CHUNK.set(delegate(body), left);
  }

  private static @Nullable Source delegate(BufferedSource body) {
    return body instanceof RealBufferedSource buffered
            && buffered.source instanceof ForwardingSource exchange
        ? exchange.delegate()
        : null;
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

  private static VarHandle field(Class<?> owner, String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .findVarHandle(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  private static Class<?> chunked() {
    try {
      return Class.forName(Http1ExchangeCodec.class.getName() + "$ChunkedSource");
    } catch (ClassNotFoundException e) {
      throw unknown(e);
    }
  }

  private static IllegalStateException unknown(ReflectiveOperationException cause) {
    return new IllegalStateException("this is not the OkHttp that Gatehouse was built with", cause);
  }
}
