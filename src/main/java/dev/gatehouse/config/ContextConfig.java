package dev.gatehouse.config;

import java.util.List;
import java.util.Optional;

/// What is written into request bodies.
///
/// @param enabled whether page context is taken; the verified user is written either way
/// @param maxSize bytes of the decoded page context
/// @param targets JSON Pointers (RFC 6901) of the objects written to; absent: the protocol's own
public record ContextConfig(boolean enabled, int maxSize, Optional<List<String>> targets) {

  public ContextConfig {
    targets = targets.map(List::copyOf);
  }
}
