package dev.gatehouse.agent;

import java.util.Optional;

/// Which part of a list is asked for.
///
/// @param after the id behind which the page begins
record PageRequest(int limit, Order order, Optional<String> after) {
  static final int USUAL = 20;
  private static final int MOST = 1000;

  PageRequest {
    limit = Math.min(limit, MOST);
  }

  /// The beginning of a list, oldest first.
  static PageRequest first() {
    return new PageRequest(USUAL, Order.ASC, Optional.empty());
  }

  static PageRequest from(Fields params) {
    return new PageRequest(
        params.optionalCount("limit").orElse(USUAL),
        params.optionalText("order").map(PageRequest::order).orElse(Order.DESC),
        params.optionalText("after"));
  }

  private static Order order(String order) {
    return switch (order) {
      case "asc" -> Order.ASC;
      case "desc" -> Order.DESC;
      default -> throw Refusal.invalid("params.order must be asc or desc.");
    };
  }

  /// Oldest first, or newest first.
  enum Order {
    ASC,
    DESC
  }
}
