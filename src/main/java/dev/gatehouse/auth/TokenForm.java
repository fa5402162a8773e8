package dev.gatehouse.auth;

import java.util.regex.Pattern;

/// How a token must look, to the letter, before anything else is done with it.
enum TokenForm {
  /// Three parts in base64url (RFC 7515, 7.1).
  COMPACT_JWS("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++", Refusal.NOT_A_COMPACT_JWS),
  /// Anything that may stand behind `Bearer` (RFC 6750, 2.1).
  BEARER("[A-Za-z0-9._~+/-]++=*+", Refusal.NOT_A_BEARER_TOKEN);

  private final Pattern pattern;
  private final Refusal otherwise;

  TokenForm(String pattern, Refusal otherwise) {
    this.pattern = Pattern.compile(pattern);
    this.otherwise = otherwise;
  }

  /// The token itself, or a refusal.
  String checked(String token) {
    if (!matches(token)) {
      throw otherwise.exception();
    }
    return token;
  }

  boolean matches(String token) {
    return pattern.matcher(token).matches();
  }
}
