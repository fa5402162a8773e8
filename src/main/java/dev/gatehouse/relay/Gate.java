package dev.gatehouse.relay;

import dev.gatehouse.auth.Authenticator;
import dev.gatehouse.auth.Cors;
import dev.gatehouse.auth.CrossSiteGuard;
import dev.gatehouse.config.Origin;
import dev.gatehouse.http.ProxyTrust;
import dev.gatehouse.http.Pseudonyms;
import dev.gatehouse.http.RateLimits;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.stream.OpenStreams;
import java.util.List;

/// What all routes share.
///
/// @param origins the gate's own, as browsers have them in the address bar
public record Gate(
    CrossSiteGuard guard,
    Cors cors,
    Authenticator authenticator,
    List<Origin> origins,
    ProxyTrust proxies,
    RateLimits rates,
    OpenStreams streams,
    BodyRoom bodies,
    Pseudonyms pseudonyms,
    Clocks clocks) {

  public Gate {
    origins = List.copyOf(origins);
  }
}
