package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.Serial;

/// A pooled connection turned out to be closed by the server before a single byte of the request
/// was written to it, so that another connection may be tried.
final class StaleConnection extends IOException {
  @Serial private static final long serialVersionUID = 1;

  StaleConnection() {
    super("the pooled connection is closed");
  }
}
