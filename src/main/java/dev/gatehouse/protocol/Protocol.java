package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;

/// What a relay has to know of one chat protocol. The defaults describe one without any ways of its
/// own.
public interface Protocol {

  /// Whether request bodies are JSON objects to be read and enriched; otherwise they are streamed
  /// unread.
  boolean readsBody();

  /// Where context and user go unless the route says otherwise.
  default List<Target> targets() {
    return List.of();
  }

  /// Headers of the protocol's own, which cross in both directions.
  default List<HeaderPattern> headers() {
    return List.of();
  }

  /// The string member of the root object that names the operation, if there is one.
  default Optional<String> operationMember() {
    return Optional.empty();
  }

  /// Whether that operation is answered by an event stream.
  default boolean streams(String operation) {
    return false;
  }

  /// The event that tells a client of this protocol about a failure inside a stream, if it has one.
  ///
  /// @param message for the person at the screen
  /// @param retry whether trying again may help
  default Optional<byte[]> errorFrame(String message, boolean retry) {
    return Optional.empty();
  }
}
