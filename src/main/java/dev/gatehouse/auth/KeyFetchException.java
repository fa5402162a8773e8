package dev.gatehouse.auth;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Says why keys could not be fetched, by kind only: messages of the cause may quote the answer.
final class KeyFetchException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final RefreshResult result;

  KeyFetchException(RefreshResult result) {
    this(result, null);
  }

  KeyFetchException(RefreshResult result, @Nullable Throwable cause) {
    super(result.text(), cause);
    this.result = result;
  }

  RefreshResult result() {
    return result;
  }
}
