package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.StoreFailure;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes deleted rows unreadable in the files of a database, in the background: once for all that
/// are deleted within a second, and again until nobody reads what was there before.
final class Eraser implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Eraser.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BooleanSupplier erasure;
  private final AtomicBoolean due = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("eraser").factory());

  /// @param erasure says whether all is erased
  Eraser(BooleanSupplier erasure) {
    this.erasure = erasure;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// There is something to erase.
  void call() {
    again(SOON);
  }

  private void again(Duration delay) {
    if (due.compareAndSet(false, true) && !thread.isShutdown()) {
      var _ = thread.schedule(this::attempt, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void attempt() {
    due.set(false); // what is deleted from here on is for the next one
    try {
      if (!erasure.getAsBoolean()) {
        again(SOON);
      }
    } catch (StoreFailure e) {
      LOG.warn("deleted rows are still in the files of the database: {}", e.toString(), e);
      again(AFTER_A_FAILURE);
    } catch (RuntimeException | Error e) {
      LOG.error("deleted rows are still in the files of the database: {}", e.getClass().getName());
      again(AFTER_A_FAILURE);
    }
  }

  /// Erases what there is to erase.
  @Override
  public void close() {
    thread.shutdown();
    try {
      var _ = thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (due.get()) {
      attempt();
    }
  }
}
