package dev.gatehouse.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Waits for what nobody announces.
public final class Await {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
  private static final long GLANCE_MILLIS = 20;

  private Await() {}

  /// Looks again and again.
  public static void that(String what, Condition condition) throws Exception {
    that(() -> what, condition);
  }

  /// Looks again and again; what was waited for is asked when it did not come.
  public static void that(Supplier<String> what, Condition condition) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "not within " + PATIENCE_NANOS / 1_000_000_000 + " s: " + what.get());
      }
      if (never.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /// What is waited for.
  @FunctionalInterface
  public interface Condition {
    /// Whether it is there.
    boolean holds() throws Exception;
  }
}
