package dev.gatehouse.agent.chat;

import java.io.Serial;

/// A message has an attachment that is not there, or belongs to another thread.
public final class UnknownAttachment extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public UnknownAttachment() {
    super("no such attachment", null, false, false);
  }
}
