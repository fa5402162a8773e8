package dev.gatehouse.auth;

import dev.gatehouse.config.IssuerConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Keys that the issuer publishes, at an address that was configured or is in its metadata.
final class IssuerEndpoints implements KeySource {
  private final Optional<URI> configured;
  private final IssuerHttp http;
  private final IssuerMetadata metadata;
  private Optional<URI> discovered = Optional.empty();

  /// @param timeout for one whole answer, from connecting to its last byte
  IssuerEndpoints(IssuerConfig config, Duration timeout) {
    this.configured = config.jwksUri();
    this.http = new IssuerHttp(timeout);
    this.metadata = new IssuerMetadata(config.issuer(), http);
  }

  @Override
  public KeySet fetch() throws IssuerException {
    Optional<URI> known = configured.or(() -> discovered);
    URI keys = known.isPresent() ? known.get() : metadata.address("jwks_uri");
    // Kept only while it works: the issuer may move its keys.
    discovered = Optional.empty();
    KeySet set = KeySet.parse(IssuerHttp.body(http.get(keys)));
    discovered = Optional.of(keys);
    return set;
  }

  @Override
  public Duration patience() {
    return SigningKeys.REFRESH_EVERY;
  }

  @Override
  public void close() {
    http.close();
  }
}
