package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts data between two tags, as one line of JSON that cannot contain either of them.
final class Fence {
  private Fence() {}

  /// @param meaning what the data is: our words only
  static String around(String tag, String meaning, JsonNode data) {
    // Outside of strings JSON has no angle brackets, so that escaping all of them keeps its
    // meaning.
    String line = data.toString().replace("<", "\\u003c").replace(">", "\\u003e");
    return "<%s>\n%s\n%s\n</%s>".formatted(tag, meaning, line, tag);
  }

  static ObjectNode data() {
    return Json.object();
  }
}
