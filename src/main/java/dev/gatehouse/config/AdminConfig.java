package dev.gatehouse.config;

/// The listener for health and metrics; never the public one.
public record AdminConfig(ListenAddress listen) {

  /// What holds where the file is silent.
  public static final AdminConfig DEFAULTS = new AdminConfig(new ListenAddress("127.0.0.1", 9090));
}
