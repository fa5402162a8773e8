package dev.gatehouse.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The public listener and its limits.
///
/// @param publicOrigins what browsers have in the address bar; empty means the listener's own
///   origin
/// @param trustedProxies peers whose `Forwarded` and `X-Forwarded-*` are believed
/// @param maxHeaderSize bytes of request line and headers together
/// @param headerTimeout from the first byte of a request to the end of its headers
/// @param bodyTimeout how long a request body may be slower than 240 bytes a second
/// @param drainTimeout how long open streams may go on after a stop was asked for
/// @param maxStreams open upstream exchanges of all users
/// @param maxStreamsPerUser open upstream exchanges of one user
/// @param rateLimit requests of one user and of one address in a time
public record ServerConfig(
    ListenAddress listen,
    List<Origin> publicOrigins,
    List<Cidr> trustedProxies,
    Optional<TlsConfig> tls,
    int maxHeaderSize,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration drainTimeout,
    int maxStreams,
    int maxStreamsPerUser,
    RateLimitConfig rateLimit) {

  /// What holds where the file is silent.
  public static final ServerConfig DEFAULTS =
      new ServerConfig(
          new ListenAddress("127.0.0.1", 8080),
          List.of(),
          List.of(),
          Optional.empty(),
          32 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          10_000,
          20,
          RateLimitConfig.DEFAULTS);

  public ServerConfig {
    publicOrigins = List.copyOf(publicOrigins);
    trustedProxies = List.copyOf(trustedProxies);
    new Requirements()
        .that(maxHeaderSize >= 1024, "max-header-size", "must be at least 1KiB")
        .notNegative(headerTimeout, "header-timeout")
        .notNegative(bodyTimeout, "body-timeout")
        .notNegative(drainTimeout, "drain-timeout")
        .positive(maxStreams, "max-streams")
        .positive(maxStreamsPerUser, "max-streams-per-user")
        .hold();
  }
}
