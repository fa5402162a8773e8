package dev.gatehouse.agent.mcp;

import java.net.URI;
import java.util.List;

/// Which token a tool server gets.
public sealed interface TokenUse {

  /// None: the server needs to know nobody.
  record None() implements TokenUse {}

  /// The person's own, as it came. For servers that the token is meant for.
  record Forward() implements TokenUse {}

  /// One that was made of the person's token for this server alone (RFC 8693).
  ///
  /// @param tokenEndpoint of the authorization server
  /// @param clientId with which the agent signs in there, by HTTP Basic
  /// @param audience whom the new token is for
  /// @param scopes asked for; shown to the person
  record Exchange(
      URI tokenEndpoint, String clientId, String clientSecret, String audience, List<String> scopes)
      implements TokenUse {

    public Exchange {
      scopes = List.copyOf(scopes);
    }

    @Override
    public String toString() {
      return "Exchange[" + tokenEndpoint + ", " + audience + ", " + scopes + "]";
    }
  }
}
