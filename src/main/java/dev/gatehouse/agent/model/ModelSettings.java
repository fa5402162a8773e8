package dev.gatehouse.agent.model;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// A model that answers.
///
/// @param baseUrl up to and without `/responses` or `/chat/completions`
/// @param api which of the two it speaks
/// @param model the name it has there
/// @param key sent as `Authorization: Bearer`
/// @param instructions the system prompt: the operator's words only
/// @param silence how long it may say nothing, whatever else it sends
/// @param timeout how long one of its answers may take in all
public record ModelSettings(
    URI baseUrl,
    Api api,
    String model,
    Optional<String> key,
    String instructions,
    Duration silence,
    Duration timeout) {

  @Override
  public String toString() {
    return "ModelSettings[" + baseUrl + ", " + api + ", " + model + "]";
  }

  /// The two streaming interfaces.
  public enum Api {
    RESPONSES,
    CHAT_COMPLETIONS
  }
}
