package dev.gatehouse.agent.chat;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// New JSON objects.
public final class Json {
  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// An object that says what it is, as everything of ChatKit does.
  public static ObjectNode typed(String type) {
    return object().put("type", type);
  }
}
