package dev.gatehouse.agent.chat;

import java.io.Serial;

/// A page was asked for behind an id that is not in the list.
public final class UnknownCursor extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public UnknownCursor() {
    super("no such id in this list", null, false, false);
  }
}
