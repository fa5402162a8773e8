package dev.gatehouse.config;

/// The cookie that carries the token.
///
/// @param name a token of RFC 6265 section 4.1.1
public record CookieConfig(String name) {

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

  /// Whether the name alone makes browsers insist on `Secure`, no `Domain` and the path `/`.
  public boolean isHostBound() {
    return name.startsWith("__Host-");
  }
}
