package dev.gatehouse.agent;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The page a person looks at, as a browser tells it. Every member passed through [PlainText].
record PageContext(
    Optional<String> title,
    Optional<String> url,
    Optional<String> description,
    List<String> headings) {
  static final PageContext NONE =
      new PageContext(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  private static final int SHORT = 200;
  private static final int LONG = 600;
  private static final int MOST_HEADINGS = 20;

  PageContext {
    headings = List.copyOf(headings);
  }

  /// Reads `pageContext`. What does not fit is left out and not refused: a page must not be able to
  /// silence the chat.
  static PageContext from(Fields metadata) {
    if (!(metadata.node().get("pageContext") instanceof ObjectNode page)) {
      return NONE;
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
