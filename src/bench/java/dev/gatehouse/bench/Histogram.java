package dev.gatehouse.bench;

/// Durations in nanoseconds, all of them kept.
final class Histogram {
  private final LongList values = new LongList();

  void add(long nanos) {
    values.add(nanos);
  }

  void addAll(LongList nanos) {
    nanos.forEach(values::add);
  }

  int size() {
    return values.size();
  }

  /// What this share of them does not exceed, in milliseconds.
  ///
  /// @param share from 0 to 1
  double millis(double share) {
    long[] sorted = values.sorted();
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, index)] / 1e6;
  }
}
