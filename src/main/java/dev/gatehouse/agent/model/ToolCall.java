package dev.gatehouse.agent.model;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A model wants a tool to be called.
///
/// @param id by which the model knows the result
/// @param arguments nothing if what the model wrote is no JSON object
record ToolCall(String id, String name, Optional<ObjectNode> arguments) {

  /// As they are shown to the model again. Some endpoints refuse a prompt with broken ones.
  String argumentsText() {
    return arguments.map(ObjectNode::toString).orElse("{}");
  }
}
