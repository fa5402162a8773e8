package dev.gatehouse.agent.chatkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Notices that a client does not take what is written to it. Looks at the clock once per limit, so
/// that an event costs nothing more.
final class WriteClock implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final long limit;
  private final Runnable late;
  private final Thread watch;
  private volatile long since;
  private volatile boolean writing;
  private boolean over;

  private WriteClock(Duration limit, Runnable late) {
    this.limit = limit.toNanos();
    this.late = late;
    this.watch = Thread.ofVirtual().name("write-clock").unstarted(this::watch);
  }

  /// @param late run once on another thread, and never after the clock was closed, when one write
  ///   has taken longer than the limit
  static WriteClock start(Duration limit, Runnable late) {
    WriteClock clock = new WriteClock(limit, late);
    clock.watch.start();
    return clock;
  }

  /// A write begins.
  void begin() {
    since = System.nanoTime();
    writing = true;
  }

  /// The write has ended.
  void end() {
    writing = false;
  }

  private void watch() {
    try {
      for (long left = limit; left > 0; left = left()) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
    } catch (InterruptedException _) {
      return; // closed
    }
    lock.lock();
    try {
      if (!over) {
        late.run();
      }
    } finally {
      lock.unlock();
    }
  }

  private long left() {
    return writing ? limit - (System.nanoTime() - since) : limit;
  }

  @Override
  public void close() {
    watch.interrupt();
    lock.lock();
    try {
      over = true;
    } finally {
      lock.unlock();
    }
  }
}
