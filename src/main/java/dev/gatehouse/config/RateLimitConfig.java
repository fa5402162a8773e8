package dev.gatehouse.config;

/// How often one user and one client address may ask.
public record RateLimitConfig(RateConfig perUser, RateConfig perAddress) {

  /// What holds where the file is silent.
  public static final RateLimitConfig DEFAULTS =
      new RateLimitConfig(RateConfig.DEFAULTS, RateConfig.DEFAULTS);
}
