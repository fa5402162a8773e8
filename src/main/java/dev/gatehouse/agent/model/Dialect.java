package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.ClientLeft;
import tools.jackson.databind.node.ObjectNode;

/// How one of the two interfaces says things.
sealed interface Dialect permits ResponsesApi, ChatCompletionsApi {

  static Dialect of(ModelSettings.Api api) {
    return switch (api) {
      case RESPONSES -> new ResponsesApi();
      case CHAT_COMPLETIONS -> new ChatCompletionsApi();
    };
  }

  /// Below the base URL.
  String path();

  ObjectNode request(String model, Prompt prompt);

  /// Takes one event into an answer.
  ///
  /// @return whether the model got on with it: what it sends only to keep its connection is silence
  /// @throws ModelFailure if the event says that the model failed, or says nothing sensible
  boolean read(String data, Answer answer) throws ClientLeft, ModelFailure;
}
