package dev.gatehouse.auth;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// What tokens are remembered by, so that no cache holds one.
///
/// @param sha256 as a number, because arrays do not compare
record TokenHash(BigInteger sha256) {
  /// Never fed itself: to copy it takes less than to look for another.
  private static final MessageDigest FRESH = fresh();

  // These two by hand: what Java makes of a record's components it links anew at each start, and
  // the first request waits for it.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenHash hash && sha256.equals(hash.sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  static TokenHash of(String token) {
    byte[] text = token.getBytes(StandardCharsets.UTF_8);
    return new TokenHash(new BigInteger(1, copy().digest(text)));
  }

  private static MessageDigest copy() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException _) {
      return fresh(); // of a provider other than Java's own
    }
  }

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
