package dev.gatehouse.agent.model;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a model's endpoint wrote, and takes nothing for something else.
final class EventJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private EventJson() {}

  /// The data of an event.
  static ObjectNode event(String data) throws ModelFailure {
    return object(data).orElseThrow(() -> new ModelFailure("an event is no JSON object"));
  }

  static Optional<ObjectNode> object(String text) {
    try {
      return JSON.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /// The text of a member, empty if there is none or it is `null`.
  static String text(JsonNode json, String name) throws ModelFailure {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isString()) {
      throw new ModelFailure("an event has something else where text should be");
    }
    return value.stringValue();
  }

  /// A member that is an object, without members if there is none or it is `null`.
  static ObjectNode member(JsonNode json, String name) throws ModelFailure {
    JsonNode value = json.path(name);
    if (json.isObject() && (value.isMissingNode() || value.isNull())) {
      return Fence.data();
    }
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw new ModelFailure("an event has something else where an object should be");
  }

  /// A member that is a list, empty if there is none or it is `null`.
  static ArrayNode list(JsonNode json, String name) throws ModelFailure {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (value instanceof ArrayNode list) {
      return list;
    }
    throw new ModelFailure("an event has something else where a list should be");
  }

  /// Where something stands in a list.
  static int index(JsonNode json, String name) throws ModelFailure {
    JsonNode value = json.path(name);
    if (!value.isInt() || value.intValue() < 0) {
      throw new ModelFailure("an event has something else where an index should be");
    }
    return value.intValue();
  }
}
