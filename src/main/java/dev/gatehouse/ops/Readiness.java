package dev.gatehouse.ops;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// The named conditions under which the gate can do its work.
public final class Readiness {
  private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();

  /// Adds a condition; call before the first question.
  public Readiness require(String name, BooleanSupplier check) {
    checks.put(name, check);
    return this;
  }

  /// The names of the conditions that do not hold now.
  public List<String> failing() {
    return checks.entrySet().stream()
        .filter(check -> !check.getValue().getAsBoolean())
        .map(Map.Entry::getKey)
        .toList();
  }
}
