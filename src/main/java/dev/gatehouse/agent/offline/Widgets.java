package dev.gatehouse.agent.offline;

import dev.gatehouse.agent.chat.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Widgets and forms, in ChatKit's vocabulary.
final class Widgets {
  /// Answered with events.
  static final String MORE = "demo.more";

  /// Answered at once with the card redrawn.
  static final String DONE = "demo.done";

  /// Handled by the page alone.
  static final String HIGHLIGHT = "demo.highlight";

  private Widgets() {}

  /// A card with a button of each kind.
  ///
  /// @param done whether it was ticked off
  static ObjectNode card(boolean done) {
    ObjectNode card = Json.typed("Card").put("size", "sm");
    ArrayNode children = card.putArray("children");
    children.add(Json.typed("Title").put("value", "Read the introduction"));
    children.add(Json.typed("Text").put("value", done ? "Done." : "It takes about two minutes."));
    ObjectNode row = Json.typed("Row").put("gap", 2);
    row.putArray("children")
        .add(button("Tell me more", action(MORE, "server", true)))
        .add(
            button(
                done ? "Not done after all" : "Mark as done",
                action(DONE, "server", false).set("payload", Json.object().put("done", !done))))
        .add(button("Show it on the page", action(HIGHLIGHT, "client", false)));
    children.add(row);
    return card;
  }

  static ObjectNode list(List<String> lines) {
    ObjectNode list = Json.typed("ListView");
    ArrayNode children = list.putArray("children");
    for (String line : lines) {
      ObjectNode item = Json.typed("ListViewItem");
      item.putArray("children").add(Json.typed("Text").put("value", line));
      item.set(
          "onClickAction",
          action(MORE, "server", true).set("payload", Json.object().put("about", line)));
      children.add(item);
    }
    return list;
  }

  /// One question to choose from and one to write to.
  static ArrayNode form() {
    ArrayNode inputs = JsonNodeFactory.instance.arrayNode();
    ObjectNode choice =
        inputs
            .addObject()
            .put("id", "protocol")
            .put("type", "multiple_choice")
            .put("question", "Which protocol does your chat speak?")
            .put("multiple", false);
    ArrayNode options = choice.putArray("options");
    for (String value : List.of("ChatKit", "AG-UI", "MCP", "Something else")) {
      options.addObject().put("value", value);
    }
    inputs
        .addObject()
        .put("id", "notes")
        .put("type", "freeform")
        .put("question", "What should it be able to do?");
    return inputs;
  }

  private static ObjectNode button(String label, ObjectNode action) {
    return Json.typed("Button").put("label", label).set("onClickAction", action);
  }

  private static ObjectNode action(String type, String handler, boolean streaming) {
    ObjectNode action =
        Json.object().put("type", type).put("handler", handler).put("streaming", streaming);
    action.putObject("payload");
    return action;
  }
}
