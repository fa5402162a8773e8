package dev.gatehouse.agent.chat;

import java.time.Instant;
import java.util.Optional;

/// One conversation of one person. To hold it is to know that its owner asked for it.
///
/// @param owner the owner's `sub`
public record ChatThread(
    String id, String owner, Instant createdAt, Optional<String> title, ThreadStatus status) {

  /// A conversation that has just begun.
  public static ChatThread begun(String id, String owner, Instant now) {
    return new ChatThread(id, owner, now, Optional.empty(), ThreadStatus.ACTIVE);
  }

  public ChatThread titled(String newTitle) {
    return new ChatThread(id, owner, createdAt, Optional.of(newTitle), status);
  }

  public ChatThread in(ThreadStatus newStatus) {
    return new ChatThread(id, owner, createdAt, title, newStatus);
  }
}
