package dev.gatehouse.config;

import java.time.Duration;

/// Reads the `rate-limit` of a file.
final class RateLimitReader {
  private RateLimitReader() {}

  static RateLimitConfig rateLimit(Section section) {
    RateConfig perUser = rate(section.section("per-user"));
    RateConfig perAddress = rate(section.section("per-address"));
    return section.build(RateLimitConfig.DEFAULTS, () -> new RateLimitConfig(perUser, perAddress));
  }

  private static RateConfig rate(Section section) {
    RateConfig defaults = RateConfig.DEFAULTS;
    int requests = section.value("requests", Amount::count).orElse(defaults.requests());
    Duration per = section.value("per", Amount::duration).orElse(defaults.per());
    int burst = section.value("burst", Amount::count).orElse(defaults.burst());
    return section.build(defaults, () -> new RateConfig(requests, per, burst));
  }
}
