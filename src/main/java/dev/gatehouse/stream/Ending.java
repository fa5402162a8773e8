package dev.gatehouse.stream;

/// How an exchange ended. A value and no error: that a browser left is an ordinary thing.
public enum Ending {
  COMPLETED("completed"),
  CLIENT_CLOSED("client-closed"),
  UPSTREAM_FAILED("upstream-failed"),
  FIRST_BYTE_TIMEOUT("first-byte-timeout"),
  IDLE_TIMEOUT("idle-timeout"),
  TOTAL_TIMEOUT("total-timeout"),
  TOKEN_EXPIRED("token-expired"),
  DRAINED("drained"),
  REJECTED("rejected");

  private final String label;

  Ending(String label) {
    this.label = label;
  }

  /// The outcome as logs and metrics have it.
  public String label() {
    return label;
  }
}
