package dev.gatehouse.http;

import dev.gatehouse.config.RateLimitConfig;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletRequest;

/// How often one may ask: by address before anything costly is done, by user once it is known who
/// asks.
public final class RateLimits {
  private final RateLimit<Network> perAddress;
  private final RateLimit<Principal> perUser;

  public RateLimits(RateLimitConfig config) {
    this.perAddress =
        new RateLimit<>("per-address", config.perAddress(), TimeMeter.SYSTEM_NANOTIME);
    this.perUser = new RateLimit<>("per-user", config.perUser(), TimeMeter.SYSTEM_NANOTIME);
  }

  /// Counts a request from where it comes.
  ///
  /// @throws ProblemException with [ProblemCode#RATE_LIMITED] if it is one too many
  public void checkAddress(HttpServletRequest request) {
    perAddress.check(Network.of(Exchange.of(request).client()));
  }

  /// Counts a request of a user.
  ///
  /// @throws ProblemException with [ProblemCode#RATE_LIMITED] if it is one too many
  public void checkUser(Principal user) {
    perUser.check(user);
  }
}
