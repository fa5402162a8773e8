package dev.gatehouse.http;

import java.io.Serial;

/// Certificate and key can not be served with. Its text names the setting, what is wrong and, after
/// a dash, the cure; never a word of the key or of a password.
public final class UnusableIdentityException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String fault;
  private final String cure;

  UnusableIdentityException(String fault, String cure) {
    super(fault + " — " + cure);
    this.fault = fault;
    this.cure = cure;
  }

  /// What is wrong, beginning with the setting.
  public String fault() {
    return fault;
  }

  /// What would be right.
  public String cure() {
    return cure;
  }
}
