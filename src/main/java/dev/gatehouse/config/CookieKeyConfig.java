package dev.gatehouse.config;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// One key that seals and opens cookies.
///
/// @param id how cookies name it; absent: by a fingerprint of the key, so that files can be renamed
/// @param key 32 bytes in base64url
public record CookieKeyConfig(Optional<String> id, SecretSource key) {
  private static final int BYTES = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public CookieKeyConfig {
    new Requirements()
        .that(
            id.map(text -> ID.matcher(text).matches()).orElse(true),
            "id",
            "must be up to 64 letters, digits and ._-")
        .that(isUsable(key), "key", "must be 32 random bytes in base64url: 43 characters")
        .hold();
  }

  /// The key as it is now.
  ///
  /// @throws IllegalArgumentException if there is none any more, without quoting what is there
  public byte[] bytes() {
    return decode(key.read());
  }

  private static boolean isUsable(SecretSource key) {
    try {
      return decode(key.read()).length == BYTES;
    } catch (InvalidSettingException _) {
      return false;
    }
  }

  private static byte[] decode(Secret secret) {
    byte[] bytes = new byte[0];
    try {
      bytes = Base64.getUrlDecoder().decode(secret.reveal());
    } catch (IllegalArgumentException _) {
      // Said below, without the text that the decoder would quote.
    }
    if (bytes.length != BYTES) {
      throw new InvalidSettingException("must be 32 random bytes in base64url: 43 characters");
    }
    return bytes;
  }
}
