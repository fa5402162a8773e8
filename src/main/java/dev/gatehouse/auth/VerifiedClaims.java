package dev.gatehouse.auth;

import java.time.Instant;
import java.util.Map;

/// What is kept of a token that passed every check; the token itself is not.
record VerifiedClaims(
    String subject, Instant expiresAt, User user, Map<String, String> textClaims) {

  Caller presenting(String token) {
    return new Caller(subject, token, expiresAt, user, textClaims);
  }
}
