package dev.gatehouse.config;

import java.util.Optional;

/// The cookie that carries the token.
///
/// @param name a token of RFC 6265 section 4.1.1
/// @param encryption with what its value is sealed; absent: it is the token itself
public record CookieConfig(String name, Optional<EncryptionConfig> encryption) {

  /// What holds where the file is silent.
  public static final CookieConfig DEFAULTS = new CookieConfig("auth_token");

  public CookieConfig {
    new Requirements()
        .that(
            HeaderName.isToken(name),
            "name",
            "must be a cookie name: letters, digits and -_.~ without spaces, such as"
                + " __Host-auth_token")
        .hold();
  }

  /// A cookie whose value is the token itself.
  public CookieConfig(String name) {
    this(name, Optional.empty());
  }

  /// Whether the name alone makes browsers insist on `Secure`, no `Domain` and the path `/`.
  public boolean isHostBound() {
    return name.startsWith("__Host-");
  }
}
