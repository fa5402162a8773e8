package dev.gatehouse.agent.chat;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a turn answers.
public sealed interface Cause {

  /// A question, asked or to be answered anew.
  record Asked(Item.UserMessage message) implements Cause {}

  /// The page did what it was asked to.
  record ToolAnswered(Item.ClientToolCall call) implements Cause {}

  /// A form was sent or skipped.
  record FormSent(Item.StructuredInput form) implements Cause {}

  /// A button of a widget was pressed, or the page itself acted.
  ///
  /// @param payload whatever the widget or page put there: data that anybody can make up
  /// @param widget what was acted on
  record Acted(String type, JsonNode payload, Optional<Item.Widget> widget) implements Cause {}
}
