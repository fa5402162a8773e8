package dev.gatehouse.agent;

import java.net.URI;
import java.time.Duration;

/// Where the agent listens and whose tokens it accepts.
///
/// @param port 0 picks a free one
/// @param issuer the exact `iss` of accepted tokens
/// @param jwksUri where the issuer publishes its signing keys
/// @param audience what `aud` has to contain
/// @param pace the pause between two words of an offline answer
public record AgentSettings(
    String host, int port, String issuer, URI jwksUri, String audience, Duration pace) {

  public AgentSettings {
    if (pace.isNegative()) {
      throw new IllegalArgumentException("pace must not be negative");
    }
  }
}
