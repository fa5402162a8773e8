package dev.gatehouse.agent.chat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What a person sent: ChatKit's `input`, checked.
///
/// @param quotedText what the person marked in an earlier message, possibly empty
/// @param inferenceOptions which model and which tool the person picked; handed back as it came
public record UserInput(
    List<Content> content, Optional<String> quotedText, ObjectNode inferenceOptions) {

  public UserInput {
    content = List.copyOf(content);
  }

  /// The parts' text, in order, one space between two of them.
  public String text() {
    return content.stream().map(Content::text).collect(Collectors.joining(" ")).strip();
  }

  /// One part of the input.
  public sealed interface Content {

    String text();
  }

  public record Text(String text) implements Content {}

  /// A reference to something of the page, such as an `@mention`.
  public record Tag(
      String id, String text, ObjectNode data, Optional<String> group, boolean interactive)
      implements Content {}
}
