package dev.gatehouse.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/// Notices within milliseconds that a browser left while nothing is being written to it.
///
/// The servlet API has no event for that, and over HTTP/1.1 the container does not read from a
/// connection whose request it has handed out. So the watch reads in its place, from when it is
/// started, with the request complete, to the moment the answer is: end of stream or a failed read
/// is a browser that left, and bytes are the next request of a pipelining client, which go back to
/// the connection untouched. The connection stays usable. Over HTTP/2 the container tells by
/// itself.
public final class ClientWatch implements AutoCloseable {
  private static final int PEEK = 1024;
  private static final int MOST_HANDED_BACK = 4 * 1024;
  private static final long FOREVER = 0;

  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable gone;
  private final ConnectionMetaData metaData;
  private final Connection connection;
  private final Optional<Stream> http2;
  private final long usualPatience;
  private int handedBack;
  private boolean armed;
  private boolean stopped;

  private ClientWatch(Request request, Runnable gone) {
    this.metaData = request.getConnectionMetaData();
    this.connection = metaData.getConnection();
    this.http2 = Http2.streamOf(request);
    this.usualPatience = connection.getEndPoint().getIdleTimeout();
    this.gone = gone;
  }

  /// A watch that has yet to be started.
  ///
  /// @param gone run on any thread, perhaps more than once, when the browser has left
  public static ClientWatch over(HttpServletRequest request, Runnable gone) {
    Request core = ServletContextRequest.getServletContextRequest(request);
    core.addFailureListener(_ -> gone.run());
    return new ClientWatch(core, gone);
  }

  /// Starts to watch. The body of the request must have been read to its end, and the watch must be
  /// closed before the servlet returns. From here on the container's idle timeout is off: how long
  /// a stream may be silent is decided by its own clocks.
  public void start() {
    lock.lock();
    try {
      if (stopped) {
        return;
      }
      patience(FOREVER);
      if (!(connection instanceof Connection.UpgradeFrom from)) {
        return;
      }
      ByteBuffer early = from.onUpgradeFrom();
      if (early != null && early.hasRemaining()) {
        giveBack(early);
      }
      RequestBuffer.release(connection);
      arm();
    } finally {
      lock.unlock();
    }
  }

  /// How long the container waits for the browser to send or take something, in milliseconds.
  private void patience(long millis) {
    if (connection instanceof HTTP2Connection) {
      http2.ifPresent(stream -> stream.setIdleTimeout(millis));
    } else {
      connection.getEndPoint().setIdleTimeout(millis);
    }
  }

  /// Goes on for as long as what came early can be handed back without growing the connection's
  /// buffer.
  private void arm() {
    if (handedBack > MOST_HANDED_BACK) {
      return;
    }
    armed = connection.getEndPoint().tryFillInterested(new Arrival());
  }

  private void giveBack(ByteBuffer bytes) {
    handedBack += bytes.remaining();
    ((Connection.UpgradeTo) connection).onUpgradeTo(bytes);
  }

  /// Takes what is there to read; true if that was the end.
  private boolean look() {
    lock.lock();
    try {
      armed = false;
      if (stopped) {
        return false;
      }
      ByteBuffer bytes = BufferUtil.allocate(PEEK);
      int filled = connection.getEndPoint().fill(bytes);
      if (filled == 0) {
        arm();
      } else if (filled > 0) {
        giveBack(bytes);
        arm();
      }
      return filled < 0;
    } catch (IOException _) {
      return true; // a reset is a way to leave
    } finally {
      lock.unlock();
    }
  }

  /// Breaks the answer where it stands, also under a write that the browser does not take. Other
  /// answers on the same HTTP/2 connection are left alone.
  public void abort() {
    if (connection instanceof HTTP2Connection) {
      http2.ifPresent(Http2::reset);
    } else {
      OldClient.reset(metaData);
      connection.getEndPoint().close();
    }
  }

  /// Makes sure that an answer which is about to be broken off also looks so to a client of
  /// HTTP/1.0.
  public static void breakOff(HttpServletRequest request) {
    OldClient.reset(
        ServletContextRequest.getServletContextRequest(request).getConnectionMetaData());
  }

  /// Takes the read interest back, so that the connection can go on to its next request.
  @Override
  public void close() {
    lock.lock();
    try {
      stopped = true;
      patience(usualPatience);
      if (armed && connection.getEndPoint() instanceof AbstractEndPoint endPoint) {
        endPoint.getFillInterest().onFail(new Stopped());
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /// Why the read interest ends without a browser having left: once for each request, so without a
  /// stack trace, which would be dear.
  private static final class Stopped extends Exception {
    @Serial private static final long serialVersionUID = 1;

    Stopped() {
      super("nobody watches any more", null, false, false);
    }
  }

  private final class Arrival implements Callback {
    @Override
    public void succeeded() {
      if (look()) {
        gone.run();
      }
    }

    @Override
    public void failed(Throwable cause) {
      if (!isStopped()) {
        gone.run();
      }
    }
  }
}
