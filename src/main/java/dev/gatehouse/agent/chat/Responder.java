package dev.gatehouse.agent.chat;

import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What answers: a turn in, a reply out.
public interface Responder extends AutoCloseable {

  /// Says the answer and returns when it is complete. A [ClientLeft] from the reply is to be let
  /// through, so that nothing is generated for nobody; [Reply#onLeave] tells when nothing is being
  /// written.
  ///
  /// @throws IOException if the client left or the answer could not be made
  void respond(Turn turn, Reply reply) throws IOException;

  /// What a widget looks like after an action that the page waits for. A turn of the thread may run
  /// meanwhile.
  ///
  /// @param action with the widget that was acted on
  /// @return the widget's new root, or nothing if it stays as it is
  /// @throws IOException if it could not be done
  default Optional<ObjectNode> actAtOnce(Person person, Cause.Acted action) throws IOException {
    return Optional.empty();
  }

  /// Lets go of what it holds on to; the server that it answers for closes it.
  @Override
  default void close() {}
}
