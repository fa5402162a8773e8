package dev.gatehouse.auth;

import dev.gatehouse.config.CookieKeyConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key that seals and opens cookies, and how they name it.
record CookieKey(String id, SecretKey key) {
  private static final int FINGERPRINT_BYTES = 8;
  // So that the fingerprint is of no use where somebody hashes the same key for another purpose.
  private static final String PURPOSE = "gatehouse cookie key";

  /// The key as it is now.
  ///
  /// @throws IllegalArgumentException if there is none
  static CookieKey of(CookieKeyConfig config) {
    byte[] bytes = config.bytes();
    return new CookieKey(
        config.id().orElseGet(() -> fingerprint(bytes)), new SecretKeySpec(bytes, "AES"));
  }

  private static String fingerprint(byte[] key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(PURPOSE.getBytes(StandardCharsets.US_ASCII));
      byte[] start = Arrays.copyOf(sha256.digest(key), FINGERPRINT_BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(start);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "CookieKey";
  }
}
