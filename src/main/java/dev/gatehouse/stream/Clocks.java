package dev.gatehouse.stream;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs the clocks of all exchanges on one thread. A clock costs nothing per byte: it looks at most
/// once per limit whether there was progress.
public final class Clocks implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;
  private final Executor alarms;

  /// Starts the timer thread.
  public Clocks() {
    this(alarm -> Thread.ofVirtual().name("gatehouse-alarm").start(alarm));
  }

  /// @param alarms runs what goes off, so that the timer thread can go on
  Clocks(Executor alarms) {
    this.alarms = alarms;
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("gatehouse-clocks").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /// Runs an action once, after a while.
  ///
  /// @return what stops it; zero or negative limits never fire
  public Alarm after(Duration limit, Runnable action) {
    if (!limit.isPositive()) {
      return Alarm.NEVER;
    }
    return schedule(limit.toNanos(), action);
  }

  Alarm schedule(long nanos, Runnable action) {
    try {
      ScheduledFuture<?> future =
          timer.schedule(() -> alarms.execute(action), nanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException _) {
      return Alarm.NEVER; // closed: everything is being ended anyway
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /// Something that will go off unless it is stopped.
  @FunctionalInterface
  public interface Alarm extends AutoCloseable {
    /// One that never goes off.
    Alarm NEVER = () -> {};

    @Override
    void close();
  }
}
