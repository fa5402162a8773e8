package dev.gatehouse.auth;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What is kept of a token that passed every check; the token itself is not.
///
/// @param expiresAt the `exp` claim; absent where the issuer did not say
record VerifiedClaims(
    String subject, Optional<Instant> expiresAt, User user, Map<String, String> textClaims) {

  Caller presenting(String token) {
    return Caller.verified(this, token);
  }
}
