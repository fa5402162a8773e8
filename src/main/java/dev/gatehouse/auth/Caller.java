package dev.gatehouse.auth;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Somebody whose token was verified. Only this package can make one.
public final class Caller {
  private final String subject;
  private final String token;
  private final Instant expiresAt;
  private final User user;
  private final Map<String, String> textClaims;

  Caller(
      String subject, String token, Instant expiresAt, User user, Map<String, String> textClaims) {
    this.subject = subject;
    this.token = token;
    this.expiresAt = expiresAt;
    this.user = user;
    this.textClaims = Map.copyOf(textClaims);
  }

  /// The `sub` claim.
  public String subject() {
    return subject;
  }

  /// The token as the upstream gets it; never to be logged.
  public String bearer() {
    return token;
  }

  /// The `exp` claim.
  public Instant expiresAt() {
    return expiresAt;
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
