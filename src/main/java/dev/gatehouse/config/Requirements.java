package dev.gatehouse.config;

import dev.gatehouse.config.InvalidSettingException.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a record asks of its components. Collects everything unmet before it refuses, so that a
/// file is mended in one go.
final class Requirements {
  private final List<Fault> faults = new ArrayList<>();

  Requirements that(boolean holds, String key, String cure) {
    if (!holds) {
      faults.add(new Fault(key, cure));
    }
    return this;
  }

  Requirements positive(long amount, String key) {
    return that(amount > 0, key, "must be more than 0");
  }

  Requirements notNegative(Duration duration, String key) {
    return that(!duration.isNegative(), key, "must not be negative");
  }

  /// @throws InvalidSettingException if anything was unmet
  void hold() {
    if (!faults.isEmpty()) {
      throw new InvalidSettingException(faults);
    }
  }
}
