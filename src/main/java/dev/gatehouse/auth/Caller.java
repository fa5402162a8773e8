package dev.gatehouse.auth;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Somebody whose token was verified, or in mode `passthrough` was said to be verified elsewhere.
/// Only this package can make one.
public final class Caller {
  // Far enough for any stream, near enough for a duration in nanoseconds.
  private static final Instant FAR = Instant.parse("2200-01-01T00:00:00Z");

  private final String subject;
  private final Optional<String> userId;
  private final String token;
  private final Optional<Instant> expiry;
  private final User user;
  private final Map<String, String> textClaims;

  private Caller(
      String subject,
      Optional<String> userId,
      String token,
      Optional<Instant> expiry,
      User user,
      Map<String, String> textClaims) {
    this.subject = subject;
    this.userId = userId;
    this.token = token;
    this.expiry = expiry;
    this.user = user;
    this.textClaims = Map.copyOf(textClaims);
  }

  /// Somebody whose token passed every check.
  static Caller verified(VerifiedClaims claims, String token) {
    return new Caller(
        claims.subject(),
        Optional.of(claims.subject()),
        token,
        claims.expiresAt(),
        claims.user(),
        claims.textClaims());
  }

  /// Somebody about whom nothing is known but the token.
  ///
  /// @param mark what stands for the token where callers are told apart
  static Caller unknown(String mark, String token) {
    return new Caller(
        mark, Optional.empty(), token, Optional.empty(), new User(Map.of()), Map.of());
  }

  /// What tells callers apart, such as for limits: the `sub` claim, or a keyed hash of the token
  /// where that is all there is.
  public String subject() {
    return subject;
  }

  /// The `sub` claim; absent in mode `passthrough`, where nobody is known.
  public Optional<String> userId() {
    return userId;
  }

  /// The token as the upstream gets it; never to be logged.
  public String bearer() {
    return token;
  }

  /// The `exp` claim, if there is one.
  public Optional<Instant> expiry() {
    return expiry;
  }

  /// When a stream must end at the latest; a time beyond all streams if the token has no end, or
  /// none so near.
  public Instant expiresAt() {
    return expiry.filter(FAR::isAfter).orElse(FAR);
  }

  /// What the token says about the person, as configured by `user-claims`.
  public User user() {
    return user;
  }

  /// A top-level claim whose value is a string, number or boolean, as text.
  public Optional<String> claim(String name) {
    return Optional.ofNullable(textClaims.get(name));
  }

  @Override
  public String toString() {
    return "Caller";
  }
}
