package dev.gatehouse.config;

import java.time.Duration;

/// The clocks of one exchange; zero is no limit.
///
/// @param connect TCP and TLS to the upstream
/// @param firstByte from the request to the upstream's response headers
/// @param idle between bytes from the upstream
/// @param total the whole exchange
public record TimeoutsConfig(Duration connect, Duration firstByte, Duration idle, Duration total) {

  /// What holds where the file is silent.
  public static final TimeoutsConfig DEFAULTS =
      new TimeoutsConfig(
          Duration.ofSeconds(5), Duration.ofSeconds(120), Duration.ofMinutes(5), Duration.ZERO);

  public TimeoutsConfig {
    new Requirements()
        .notNegative(connect, "connect")
        .notNegative(firstByte, "first-byte")
        .notNegative(idle, "idle")
        .notNegative(total, "total")
        .hold();
  }
}
