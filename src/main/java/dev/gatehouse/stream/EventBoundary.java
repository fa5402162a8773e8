package dev.gatehouse.stream;

import java.nio.ByteBuffer;

/// Follows a stream of server-sent events (HTML standard, section 9.2.6) and knows whether it
/// stands between two events. It reads and never changes a byte.
final class EventBoundary {
  private enum Place {
    BETWEEN_EVENTS,
    IN_LINE,
    AFTER_LINE,
    AFTER_LINE_CR,
    AFTER_EMPTY_LINE_CR
  }

  private Place place = Place.BETWEEN_EVENTS;

  /// Takes note of bytes that were sent, without reading them.
  void advance(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      place = next(bytes.get(i));
    }
  }

  /// Whether something can be said here without touching an event. After a lone CR it can not: an
  /// LF may follow that belongs to it.
  boolean isBetweenEvents() {
    return place == Place.BETWEEN_EVENTS;
  }

  private Place next(byte b) {
    return switch (b) {
      case '\n' -> afterLineFeed();
      case '\r' -> place == Place.IN_LINE ? Place.AFTER_LINE_CR : Place.AFTER_EMPTY_LINE_CR;
      default -> Place.IN_LINE;
    };
  }

  private Place afterLineFeed() {
    return switch (place) {
      case IN_LINE, AFTER_LINE_CR -> Place.AFTER_LINE;
      case BETWEEN_EVENTS, AFTER_LINE, AFTER_EMPTY_LINE_CR -> Place.BETWEEN_EVENTS;
    };
  }
}
