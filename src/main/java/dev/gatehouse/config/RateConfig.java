package dev.gatehouse.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/// How many requests somebody may make.
///
/// @param requests in the time of `per`, spread evenly over it; 0 is no limit
/// @param per whole seconds
/// @param burst how many may come at once; 0 stands for as many as `requests`
public record RateConfig(int requests, Duration per, int burst) {

  /// What holds where the file is silent.
  public static final RateConfig DEFAULTS = new RateConfig(0, Duration.ofMinutes(1), 0);

  public RateConfig {
    boolean whole = per.isPositive() && per.truncatedTo(ChronoUnit.SECONDS).equals(per);
    new Requirements()
        .that(whole, "per", "must be whole seconds, at least 1s")
        .that(burst == 0 || requests > 0, "burst", "means nothing without requests")
        .hold();
  }

  /// Whether there is a limit at all.
  public boolean limits() {
    return requests > 0;
  }

  /// How many may come at once.
  public int capacity() {
    return burst == 0 ? requests : burst;
  }
}
