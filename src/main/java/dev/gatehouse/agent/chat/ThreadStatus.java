package dev.gatehouse.agent.chat;

import java.util.Optional;

/// Whether a conversation can go on.
///
/// @param reason shown to the user; never with [Kind#ACTIVE]
public record ThreadStatus(Kind kind, Optional<String> reason) {
  public static final ThreadStatus ACTIVE = new ThreadStatus(Kind.ACTIVE, Optional.empty());

  /// Nothing can be said for the time being.
  public static ThreadStatus locked(String reason) {
    return new ThreadStatus(Kind.LOCKED, Optional.of(reason));
  }

  /// Nothing will be said any more.
  public static ThreadStatus closed(String reason) {
    return new ThreadStatus(Kind.CLOSED, Optional.of(reason));
  }

  public boolean isActive() {
    return kind == Kind.ACTIVE;
  }

  /// ChatKit's kinds.
  public enum Kind {
    ACTIVE,
    LOCKED,
    CLOSED
  }
}
