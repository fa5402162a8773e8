package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;

/// What a relay has to know of one chat protocol.
public interface Protocol {

  /// Whether request bodies are JSON objects to be read and enriched; otherwise they are streamed
  /// unread.
  boolean readsBody();

  /// Where context and user go unless the route says otherwise.
  List<Target> targets();

  /// Headers of the protocol's own, which cross in both directions.
  List<HeaderPattern> headers();

  /// The string member of the root object that names the operation, if there is one.
  Optional<String> operationMember();

  /// Whether that operation is answered by an event stream.
  boolean streams(String operation);

  /// The event that tells a client of this protocol about a failure inside a stream, if it has one.
  ///
  /// @param message for the person at the screen
  /// @param retry whether trying again may help
  Optional<byte[]> errorFrame(String message, boolean retry);
}
