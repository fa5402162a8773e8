package dev.gatehouse.auth;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Callers for tests of rooms that need one and must not be able to make one.
public final class TestCaller {

  private TestCaller() {}

  public static Caller of(String subject, Map<String, String> userMembers) {
    Instant expiry = Instant.parse("2030-01-01T00:00:00Z");
    return new VerifiedClaims(
            subject, Optional.of(expiry), new User(userMembers), Map.of("sub", subject))
        .presenting("header.claims.signature");
  }

  /// One of whom nothing is known, as in mode passthrough.
  public static Caller unknown() {
    return Caller.unknown("token-0", "opaque");
  }
}
