package dev.gatehouse.ops;

import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.RequestLog;

/// Whether the gate still takes requests, and how many are under way. One is over when everything
/// about it has been logged: a process that ends when nothing is under way has then said all it had
/// to say.
public final class Drain {
  private static final String ADMITTED = Drain.class.getName();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
  private volatile boolean draining;
  private int admitted;
  private int turnedAway;

  /// From now on new requests are turned away.
  public void begin() {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
  }

  /// Whether new requests are turned away.
  public boolean draining() {
    return draining;
  }

  /// Waits until no request that was let in is under way. Those that are turned away are not waited
  /// for: under steady traffic there is always one.
  ///
  /// @return false if some still are after this long
  /// @throws InterruptedException if the waiting thread is interrupted
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return await(limit, () -> admitted == 0);
  }

  /// Waits until nobody at all is being answered.
  ///
  /// @return false if somebody still is after this long
  /// @throws InterruptedException if the waiting thread is interrupted
  public boolean awaitSilence(Duration limit) throws InterruptedException {
    return await(limit, () -> admitted + turnedAway == 0);
  }

  private boolean await(Duration limit, BooleanSupplier done) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!done.getAsBoolean() && left > 0) {
        left = fewer.awaitNanos(left);
      }
      return done.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /// Counts a request, and says whether it is let in.
  boolean admits(ServletRequest request) {
    lock.lock();
    try {
      if (draining) {
        turnedAway++;
      } else {
        admitted++;
      }
      request.setAttribute(ADMITTED, !draining);
      return !draining;
    } finally {
      lock.unlock();
    }
  }

  /// These logs, and after them the end of the request, whatever becomes of its lines.
  public RequestLog after(RequestLog... logs) {
    RequestLog all = new RequestLog.Collection(logs);
    return (request, response) -> {
      try {
        all.log(request, response);
      } finally {
        if (request.getAttribute(ADMITTED) instanceof Boolean wasAdmitted) {
          leave(wasAdmitted);
        }
      }
    };
  }

  private void leave(boolean wasAdmitted) {
    lock.lock();
    try {
      if (wasAdmitted) {
        admitted--;
      } else {
        turnedAway--;
      }
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
