package dev.gatehouse.ops;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The named conditions under which the gate can do its work.
public final class Readiness {
  private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
  private volatile Map<String, BooleanSupplier> changing = Map.of();

  /// Adds a condition; call before the first question.
  public Readiness require(String name, BooleanSupplier check) {
    checks.put(name, check);
    return this;
  }

  /// Puts these conditions in the place of those that were given so before.
  public void of(Map<String, BooleanSupplier> conditions) {
    changing = Map.copyOf(conditions);
  }

  /// Whether one of the conditions that may change holds now; one that is no more does not.
  public boolean holds(String name) {
    BooleanSupplier check = changing.get(name);
    return check != null && check.getAsBoolean();
  }

  /// The names of the conditions that do not hold now.
  public List<String> failing() {
    return Stream.concat(
            changing.entrySet().stream().sorted(Map.Entry.comparingByKey()),
            checks.entrySet().stream())
        .filter(check -> !check.getValue().getAsBoolean())
        .map(Map.Entry::getKey)
        .toList();
  }
}
