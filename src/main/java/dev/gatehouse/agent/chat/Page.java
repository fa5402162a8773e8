package dev.gatehouse.agent.chat;

import java.util.List;
import java.util.Optional;

/// A part of a list.
///
/// @param after where the next page begins; present if there is one
public record Page<T>(List<T> data, Optional<String> after) {

  public Page {
    data = List.copyOf(data);
  }

  public static <T> Page<T> empty() {
    return new Page<>(List.of(), Optional.empty());
  }
}
