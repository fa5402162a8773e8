package dev.gatehouse.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/// Chunks of an answer over HTTP/1.1 (RFC 9112 section 7.1), written to its connection past the
/// container, which has a dozen objects to look at for each: a third of what an event of a stream
/// costs beside the system's part. Head and end of the answer stay the container's. One thread at a
/// time may write.
public final class Chunks {
  private static final byte[] LINE_END = {'\r', '\n'};

  /// Up to here a copy is cheaper than a second buffer.
  private static final int SMALL = 4 * 1024;

  private final HttpConnection connection;
  private boolean follow;
  private long bytes;

  private Chunks(HttpConnection connection) {
    this.connection = connection;
  }

  /// Those of a request's answer, where that may have chunks.
  public static Optional<Chunks> of(HttpServletRequest request) {
    return ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
            instanceof HttpConnection http
        ? Optional.of(new Chunks(http))
        : Optional.empty();
  }

  /// Whether the container has written a chunk of this answer, so that more can follow. It leaves
  /// the end of the line behind a chunk to the next one.
  public boolean follow() {
    if (!follow) {
      HttpGenerator generator = connection.getGenerator();
      follow =
          generator.isCommitted() && generator.isChunking() && generator.getContentPrepared() > 0;
    }
    return follow;
  }

  /// Begins to write one that follows others.
  ///
  /// @param content some, as none would be the last chunk; it is in use until it is written
  /// @param done told when it is written; it may be at once
  public void write(ByteBuffer content, Callback done) {
    int count = content.remaining();
    if (count == 0) {
      throw new IllegalArgumentException("that would be the last chunk");
    }
    byte[] size = Integer.toHexString(count).getBytes(StandardCharsets.US_ASCII);
    boolean small = count <= SMALL;
    ByteBuffer chunk = ByteBuffer.allocate(size.length + 2 * LINE_END.length + (small ? count : 0));
    chunk.put(LINE_END).put(size).put(LINE_END);
    ByteBuffer[] parts =
        small
            ? new ByteBuffer[] {chunk.put(content).flip()}
            : new ByteBuffer[] {chunk.flip(), content};
    bytes += count;
    try {
      connection.getEndPoint().write(done, parts);
    } catch (WritePendingException e) {
      done.failed(e); // the container has given up a write of its own, and the connection with it
    }
  }

  /// Content that was written here, which the container does not know of.
  public long bytes() {
    return bytes;
  }
}
