package dev.gatehouse.agent;

import java.io.IOException;

/// What answers: a turn in, words out.
interface Responder {

  /// Says the answer and returns when it is complete. A [ClientLeft] from the reply is to be let
  /// through, so that nothing is generated for nobody.
  ///
  /// @throws IOException if the client left or the answer could not be made
  void respond(Turn turn, Reply reply) throws IOException;
}
