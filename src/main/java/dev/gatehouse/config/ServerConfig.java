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
/// @param drainTimeout how long open streams may go on after a stop was asked for
/// @param maxStreams open upstream exchanges of all users
/// @param maxStreamsPerUser open upstream exchanges of one user
public record ServerConfig(
    ListenAddress listen,
    List<Origin> publicOrigins,
    List<Cidr> trustedProxies,
    Optional<TlsConfig> tls,
    int maxHeaderSize,
    Duration drainTimeout,
    int maxStreams,
    int maxStreamsPerUser) {

  public ServerConfig {
    publicOrigins = List.copyOf(publicOrigins);
    trustedProxies = List.copyOf(trustedProxies);
  }
}
