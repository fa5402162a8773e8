package dev.gatehouse.agent;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What a person sent: ChatKit's `input`, checked.
///
/// @param quotedText what the person marked in an earlier message, possibly empty
/// @param inferenceOptions handed back as it came
record UserInput(List<Content> content, Optional<String> quotedText, ObjectNode inferenceOptions) {

  UserInput {
    content = List.copyOf(content);
  }

  /// The parts' text, in order, one space between two of them.
  String text() {
    return content.stream().map(Content::text).collect(Collectors.joining(" ")).strip();
  }

  static UserInput from(Fields input) {
    if (!input.texts("attachments").isEmpty()) {
      throw Refusal.invalid(input.path("attachments") + " names an attachment that is not known.");
    }
    return new UserInput(
        input.objects("content").stream().map(Content::from).toList(),
        input.optionalText("quoted_text"),
        input.object("inference_options").node());
  }

  /// One part of the input.
  sealed interface Content {

    String text();

    static Content from(Fields part) {
      return switch (part.text("type")) {
        case "input_text" -> new Text(part.text("text"));
        case "input_tag" -> tag(part);
        default -> throw Refusal.invalid(part.path("type") + " is not input_text or input_tag.");
      };
    }

    private static Tag tag(Fields part) {
      return new Tag(
          part.text("id"),
          part.text("text"),
          part.object("data").node(),
          part.optionalText("group"),
          part.flag("interactive"));
    }
  }

  record Text(String text) implements Content {}

  /// A reference to something of the page, such as an `@mention`.
  record Tag(String id, String text, ObjectNode data, Optional<String> group, boolean interactive)
      implements Content {}
}
