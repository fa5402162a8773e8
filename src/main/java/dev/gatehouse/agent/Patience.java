package dev.gatehouse.agent;

import java.time.Duration;

/// How long a server waits for others.
///
/// @param silence of a client that has more to say
/// @param write for a client to take what is written to it
/// @param drain for open streams to come to their end, before they are broken off
/// @param farewell for turns that are broken off to keep what they said
/// @param store for a store that is away to be back and take what was said
record Patience(
    Duration silence, Duration write, Duration drain, Duration farewell, Duration store) {
  static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));
}
