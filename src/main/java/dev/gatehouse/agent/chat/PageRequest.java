package dev.gatehouse.agent.chat;

import java.util.Optional;

/// Which part of a list is asked for.
///
/// @param limit more than 1000 are never given
/// @param after the id behind which the page begins
public record PageRequest(int limit, Order order, Optional<String> after) {
  public static final int USUAL = 20;
  private static final int MOST = 1000;

  public PageRequest {
    limit = Math.min(limit, MOST);
  }

  /// The beginning of a list, oldest first.
  public static PageRequest first() {
    return new PageRequest(USUAL, Order.ASC, Optional.empty());
  }

  /// Oldest first, or newest first.
  public enum Order {
    ASC,
    DESC
  }
}
