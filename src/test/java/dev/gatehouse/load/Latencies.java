package dev.gatehouse.load;

import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// How long something took, again and again.
final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;
  private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

  void add(long duration) {
    nanos.add(duration);
  }

  /// What so many of a hundred do not exceed, in milliseconds.
  double percentile(int percent) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    int index = (int) Math.ceil(sorted.length * percent / 100.0) - 1;
    return sorted[Math.max(index, 0)] / NANOS_PER_MILLI;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d: p50 %.2f, p99 %.2f, most %.2f ms",
        nanos.size(),
        percentile(50),
        percentile(99),
        percentile(100));
  }
}
