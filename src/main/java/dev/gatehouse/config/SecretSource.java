package dev.gatehouse.config;

/// Where a secret is: in the configuration, or with `file:/path` in a file that may be replaced
/// while the gate runs. Never prints.
///
/// @param text what the configuration says
public record SecretSource(String text) {

  /// The secret as it is now.
  ///
  /// @throws IllegalArgumentException if there is none, without quoting what is there
  public Secret read() {
    return Secret.parse(text);
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
