package dev.gatehouse.protocol;

import dev.gatehouse.config.HeaderPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What a relay has to know of one chat protocol. The defaults describe one without any ways of its
/// own. Which methods it has, the configuration must know: see `ProtocolName`.
public interface Protocol {

  /// Whether request bodies are JSON objects to be read and enriched; otherwise they are streamed
  /// unread.
  boolean readsBody();

  /// Whether a POST may come without any body.
  default boolean bodyMayBeLeftOut() {
    return false;
  }

  /// Where context and user go unless the route says otherwise.
  default List<Target> targets() {
    return List.of();
  }

  /// Headers of the protocol's own, which cross in both directions.
  default List<HeaderPattern> headers() {
    return List.of();
  }

  /// Further headers of its own, which only answers have.
  default List<HeaderPattern> answerHeaders() {
    return List.of();
  }

  /// The string member of the root object that names the operation, if there is one.
  default Optional<String> operationMember() {
    return Optional.empty();
  }

  /// The member of the root object, a string or an integer, that an answer has to repeat.
  default Optional<String> callMember() {
    return Optional.empty();
  }

  /// The operations that are known. Any other name is a word from the wire and goes into no log.
  default Set<String> operations() {
    return Set.of();
  }

  /// Whether that operation is answered by an event stream.
  default boolean streams(String operation) {
    return false;
  }

  /// Tells by its data whether an event is the one that ends a stream; empty where a stream ends
  /// with its body and no event says so. It is only looked for, never written or held back. Of a
  /// very long event only the beginning is there.
  default Optional<Predicate<String>> lastEvent() {
    return Optional.empty();
  }

  /// The answer of status 200 in which a failure of the gate's own is told; empty where the status
  /// tells it.
  ///
  /// @param message for the person at the screen
  /// @param retry whether trying again may help
  default Optional<ErrorFrame> errorFrame(Waiting client, String message, boolean retry) {
    return Optional.empty();
  }

  /// Whether clients send a message again by themselves when they see a 5xx, so that they must not
  /// see one of the agent's either.
  default boolean repeatsOnFailure() {
    return false;
  }
}
