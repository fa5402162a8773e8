package dev.gatehouse.auth;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Says why something could not be had from an issuer, by kind only: messages of the cause may
/// quote the answer.
final class IssuerException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final RefreshResult result;

  IssuerException(RefreshResult result) {
    this(result, null);
  }

  IssuerException(RefreshResult result, @Nullable Throwable cause) {
    super(result.text(), cause);
    this.result = result;
  }

  RefreshResult result() {
    return result;
  }
}
