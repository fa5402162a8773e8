package dev.gatehouse.agent;

import java.time.Instant;
import java.util.Optional;

/// One conversation of one person. To hold it is to know that its owner asked for it.
///
/// @param owner the owner's `sub`
record ChatThread(String id, String owner, Instant createdAt, Optional<String> title) {

  ChatThread titled(String newTitle) {
    return new ChatThread(id, owner, createdAt, Optional.of(newTitle));
  }
}
