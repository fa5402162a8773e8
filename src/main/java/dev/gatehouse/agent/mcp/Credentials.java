package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.BearerToken;
import java.time.InstantSource;
import java.util.Optional;

/// From a person's token to the one that a server gets.
@FunctionalInterface
interface Credentials {

  /// The one to send, if any.
  ///
  /// @throws ToolFailure if there should be one, and nobody issues it
  Optional<BearerToken> made(BearerToken token) throws ToolFailure, InterruptedException;

  static Credentials of(ToolServer server, InstantSource clock) {
    return switch (server.token()) {
      case TokenUse.None _ -> _ -> Optional.empty();
      case TokenUse.Forward _ -> Optional::of;
      case TokenUse.Exchange exchange -> {
        TokenExchange issuer = new TokenExchange(exchange, server.timeout(), clock);
        yield token -> Optional.of(issuer.exchanged(token));
      }
    };
  }
}
