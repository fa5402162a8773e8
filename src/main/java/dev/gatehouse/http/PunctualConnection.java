package dev.gatehouse.http;

import java.io.Serial;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// A connection of HTTP/1.1 whose requests must say in time what they want, else are answered 408.
///
/// The clock is wound only where the connection waits for more of a head, so a request that comes
/// in one piece costs a comparison. When it runs out it takes the connection's interest in reading
/// away, which only one can have: either that, or the bytes that arrive just then, come first. A
/// request whose head is complete stops it under the lock, so none that has begun is ever turned
/// away.
final class PunctualConnection extends HttpConnection {
  private final HeaderClock clock;
  private final Scheduler scheduler;
  private final ReentrantLock lock = new ReentrantLock();
  private Scheduler.@Nullable Task alarm;
  private boolean waiting;
  private boolean due;
  private long bytesSeen;
  private long requestsSeen;

  PunctualConnection(
      HttpConfiguration config, Connector connector, EndPoint endPoint, HeaderClock clock) {
    super(config, connector, endPoint);
    this.clock = clock;
    this.scheduler = connector.getScheduler();
  }

  @Override
  public void onOpen() {
    wind(clock.left(getEndPoint()));
    clock.release(getEndPoint());
    super.onOpen();
  }

  /// Called by whoever reads, when there is nothing more to read for now.
  @Override
  public void fillInterested(Callback callback) {
    if (isWithinHead()) {
      wind(clock.limit());
    }
    bytesSeen = getBytesIn();
    requestsSeen = getMessagesIn();
    super.fillInterested(callback);
    if (isDue()) {
      ring();
    }
  }

  /// Whether a head has begun. Line ends in front of one are part of it, though the parser skips
  /// them.
  private boolean isWithinHead() {
    return getParser().isStart()
        ? getBytesIn() > bytesSeen && getMessagesIn() == requestsSeen
        : getParser().inHeaderState();
  }

  private void wind(long nanos) {
    lock.lock();
    try {
      if (!waiting) {
        waiting = true;
        alarm = scheduler.schedule(this::ring, Math.max(nanos, 0), TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue() {
    lock.lock();
    try {
      return due;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the interest in reading away, if somebody waits for a head. If nobody has that interest
  /// now, bytes are just being looked at.
  private void ring() {
    lock.lock();
    try {
      if (waiting && getEndPoint() instanceof AbstractEndPoint endPoint) {
        due = true;
        endPoint.getFillInterest().onFail(new HeadTooSlow());
      }
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    lock.lock();
    try {
      waiting = false;
      due = false;
      if (alarm != null) {
        alarm.cancel();
        alarm = null;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    if (cause instanceof HeadTooSlow) {
      stop();
      newRequestHandler()
          .badMessage(new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408));
    } else {
      super.onFillInterestedFailed(cause);
    }
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    stop();
    super.onClose(cause);
  }

  @Override
  protected RequestHandler newRequestHandler() {
    return new RequestHandler() {
      @Override
      public void parsedHeader(HttpField field) {
        super.parsedHeader(PassingCookie.kept(field));
      }

      @Override
      public boolean headerComplete() {
        stop();
        return super.headerComplete();
      }
    };
  }

  /// Never thrown: it says why the interest in reading was taken away.
  private static final class HeadTooSlow extends TimeoutException {
    @Serial private static final long serialVersionUID = 1;
  }
}
