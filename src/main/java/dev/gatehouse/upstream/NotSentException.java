package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.Serial;

/// A connection turned out to be of no use before a single byte of the request was written to it,
/// so that another one may be tried.
final class NotSentException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  NotSentException(String reason) {
    super(reason);
  }
}
