package dev.gatehouse.auth;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What tokens are remembered by, so that no cache holds one.
///
/// @param sha256 as a number, because arrays do not compare
record TokenHash(BigInteger sha256) {

  static TokenHash of(String token) {
    try {
      byte[] text = token.getBytes(StandardCharsets.UTF_8);
      return new TokenHash(new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
