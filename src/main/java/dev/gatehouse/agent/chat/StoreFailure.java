package dev.gatehouse.agent.chat;

import java.io.Serial;

/// What keeps conversations cannot be reached, or refused to do its work.
public final class StoreFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public StoreFailure(Throwable cause) {
    super("the store failed", cause);
  }
}
