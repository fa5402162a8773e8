package dev.gatehouse.config;

import java.util.Optional;

/// What is told of exchanges beyond logs and metrics.
///
/// @param traces where they go; there are none if empty
public record TelemetryConfig(Optional<TracesConfig> traces) {

  /// What holds where the file is silent.
  public static final TelemetryConfig DEFAULTS = new TelemetryConfig(Optional.empty());
}
