package dev.gatehouse.trace;

/// Is told what became of spans.
@FunctionalInterface
public interface SpanCount {
  /// Counts some.
  ///
  /// @param result `exported`, `failed` or `dropped`
  void add(String result, int spans);
}
