package dev.gatehouse.upstream;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;

/// Closes connections that have been idle for long, in a round each second. OkHttp goes its round
/// each time a connection becomes idle: at thousands of requests a second a thread is woken for
/// each, and walks over all connections, whose locks the requests wait for. That a pool can be
/// given another to go its rounds is known to OkHttp's own tests only; its version is pinned, and
/// ours see it work.
final class PoolUpkeep implements TaskRunner.Backend {
  private static final long ROUND_SECONDS = 1;
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(
          ROUND_SECONDS,
          TimeUnit.SECONDS,
          round -> Thread.ofVirtual().name("gatehouse-pool").start(round));

  private PoolUpkeep() {}

  /// A pool that is looked after in this way.
  ///
  /// @param idle connections that may be
  /// @param seconds for which one may be idle
  static ConnectionPool pool(int idle, long seconds) {
    TaskRunner rounds = new TaskRunner(new PoolUpkeep(), TaskRunner.INSTANCE.getLogger$okhttp());
    return new ConnectionPool(
        idle, seconds, TimeUnit.SECONDS, rounds, ConnectionListener.Companion.getNONE());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  /// Whoever goes the rounds looks soon enough whether there is something new to do.
  @Override
  public void coordinatorNotify(TaskRunner rounds) {
    // not woken
  }

  @Override
  public void coordinatorWait(TaskRunner rounds, long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedWait(
          rounds, Math.min(nanos, TimeUnit.SECONDS.toNanos(ROUND_SECONDS)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("nobody interrupts who goes the rounds", e);
    }
  }

  @Override
  public <T> BlockingQueue<T> decorate(BlockingQueue<T> queue) {
    return queue;
  }

  @Override
  public void execute(TaskRunner rounds, Runnable round) {
    LATER.execute(round);
  }
}
