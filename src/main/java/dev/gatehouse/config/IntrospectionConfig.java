package dev.gatehouse.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// How the issuer is asked about a token (RFC 7662).
///
/// @param endpoint where; absent: discovered from the issuer's metadata
/// @param clientId who asks
/// @param clientSecret how that is proved
/// @param authentication where the proof goes
/// @param cache how long a good answer is believed; `0s` asks for every request
public record IntrospectionConfig(
    Optional<URI> endpoint,
    String clientId,
    Secret clientSecret,
    Authentication authentication,
    Duration cache) {

  /// How long a good answer is believed where the file is silent.
  static final Duration CACHE = Duration.ofSeconds(30);

  private static final Duration MAX_CACHE = Duration.ofMinutes(5);

  public IntrospectionConfig {
    boolean printable = clientId.chars().allMatch(c -> c >= ' ' && c <= '~');
    new Requirements()
        .that(
            endpoint.map(HttpUri::isTrustworthy).orElse(true),
            "endpoint",
            "must be an https URL without user info or fragment (http only on loopback)")
        .that(
            printable && !clientId.isBlank(), "client-id", "must be printable ASCII and not empty")
        .notNegative(cache, "cache")
        .that(
            cache.compareTo(MAX_CACHE) <= 0,
            "cache",
            "must be at most 5m: so long a token taken back would still be believed")
        .hold();
  }

  /// Where client id and secret go (RFC 6749 section 2.3.1).
  public enum Authentication {
    /// Into the `Authorization` header.
    CLIENT_SECRET_BASIC,
    /// Into the form.
    CLIENT_SECRET_POST
  }
}
