package dev.gatehouse.auth;

/// How one attempt to fetch the issuer's signing keys ended; the text is a stable label for
/// metrics.
public enum RefreshResult {
  /// The key set was fetched, changed or not.
  LOADED("loaded"),
  /// No connection, or it broke before the answer was complete, or the answer was too large.
  UNREACHABLE("unreachable"),
  /// No complete answer in time.
  TIMED_OUT("timed-out"),
  /// A status other than 200; redirects are not followed.
  BAD_STATUS("bad-status"),
  /// Not a key set, or metadata that does not say where it is.
  MALFORMED("malformed"),
  /// The metadata speaks for another issuer.
  WRONG_ISSUER("wrong-issuer"),
  /// A key set without a single key that could verify a token.
  NO_USABLE_KEY("no-usable-key");

  private final String text;

  RefreshResult(String text) {
    this.text = text;
  }

  /// The label.
  public String text() {
    return text;
  }
}
