package dev.gatehouse.load;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Many who do the same again and again, each on a thread of its own, until the time is over or one
/// of them fails.
final class Crowd {
  private Crowd() {}

  /// What holds until the time is over.
  static BooleanSupplier during(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return () -> System.nanoTime() < end;
  }

  /// Lets them all do it for as long as this holds.
  static void run(int size, BooleanSupplier goesOn, IntFunction<Act> acts) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < size; i++) {
        Act act = acts.apply(i);
        threads.execute(() -> {
          try {
            while (failure.get() == null && goesOn.getAsBoolean()) {
              act.once();
            }
          } catch (Exception | AssertionError e) {
            failure.compareAndSet(null, e);
          }
        });
      }
    }
    Throwable first = failure.get();
    if (first != null) {
      throw new AssertionError(first);
    }
  }

  /// What one of them does.
  @FunctionalInterface
  interface Act {
    void once() throws Exception;
  }
}
