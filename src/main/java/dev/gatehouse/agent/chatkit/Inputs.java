package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.PageContext;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.PlainText;
import dev.gatehouse.agent.chat.UserInput;
import dev.gatehouse.agent.http.Fields;
import dev.gatehouse.agent.http.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The larger parts of requests.
final class Inputs {
  private static final int SHORT = 200;
  private static final int LONG = 600;
  private static final int MOST_HEADINGS = 20;
  private static final int MOST_ATTACHMENTS = 10;

  private Inputs() {}

  static Operation.Message message(Fields input) {
    List<String> attachments = input.texts("attachments");
    if (attachments.size() > MOST_ATTACHMENTS) {
      throw Refusal.invalid(input.path("attachments") + " has more than 10 elements.");
    }
    return new Operation.Message(
        new UserInput(
            input.objects("content").stream().map(Inputs::content).toList(),
            input.optionalText("quoted_text"),
            input.object("inference_options").node()),
        attachments);
  }

  private static UserInput.Content content(Fields part) {
    return switch (part.text("type")) {
      case "input_text" -> new UserInput.Text(part.text("text"));
      case "input_tag" ->
          new UserInput.Tag(
              part.text("id"),
              part.text("text"),
              part.object("data").node(),
              part.optionalText("group"),
              part.flag("interactive"));
      default -> throw Refusal.invalid(part.path("type") + " is not input_text or input_tag.");
    };
  }

  static PageRequest page(Fields params) {
    return new PageRequest(
        params.optionalCount("limit").orElse(PageRequest.USUAL),
        params.optionalText("order").map(Inputs::order).orElse(PageRequest.Order.DESC),
        params.optionalText("after"));
  }

  private static PageRequest.Order order(String order) {
    return switch (order) {
      case "asc" -> PageRequest.Order.ASC;
      case "desc" -> PageRequest.Order.DESC;
      default -> throw Refusal.invalid("params.order must be asc or desc.");
    };
  }

  /// Reads `pageContext`. What does not fit is left out and not refused: a page must not be able to
  /// silence the chat.
  static PageContext pageContext(Fields metadata) {
    if (!(metadata.node().get("pageContext") instanceof ObjectNode page)) {
      return PageContext.NONE;
    }
    return new PageContext(
        text(page, "title", SHORT),
        text(page, "url", SHORT),
        text(page, "description", LONG),
        headings(page));
  }

  /// One heading per line.
  private static List<String> headings(ObjectNode page) {
    JsonNode headings = page.get("headings");
    if (headings == null || !headings.isString()) {
      return List.of();
    }
    return headings
        .stringValue()
        .lines()
        .map(line -> PlainText.of(line, SHORT))
        .filter(Predicate.not(String::isEmpty))
        .limit(MOST_HEADINGS)
        .toList();
  }

  private static Optional<String> text(ObjectNode page, String name, int limit) {
    return Optional.ofNullable(page.get(name))
        .filter(JsonNode::isString)
        .map(node -> PlainText.of(node.stringValue(), limit))
        .filter(Predicate.not(String::isEmpty));
  }
}
