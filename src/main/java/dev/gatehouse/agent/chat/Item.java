package dev.gatehouse.agent.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One entry of a thread.
///
/// Every item's JSON members are those of ChatKit's `ThreadItem`.
public sealed interface Item {

  String id();

  String threadId();

  Instant createdAt();

  /// What clients may see.
  sealed interface Visible extends Item {}

  record UserMessage(
      String id, String threadId, Instant createdAt, UserInput input, List<Attachment> attachments)
      implements Visible {

    public UserMessage {
      attachments = List.copyOf(attachments);
    }
  }

  record AssistantMessage(String id, String threadId, Instant createdAt, String text)
      implements Visible {}

  /// Something that the page has to do; the turn ends with it, and the next one begins with its
  /// output.
  ///
  /// @param output what the page made of it; empty while it is pending
  record ClientToolCall(
      String id,
      String threadId,
      Instant createdAt,
      String callId,
      String name,
      ObjectNode arguments,
      Optional<JsonNode> output)
      implements Visible {

    public ClientToolCall answered(JsonNode result) {
      return new ClientToolCall(
          id, threadId, createdAt, callId, name, arguments, Optional.of(result));
    }
  }

  /// A card or a list with buttons.
  ///
  /// @param root ChatKit's `WidgetRoot`
  /// @param copyText what the copy button copies
  record Widget(
      String id, String threadId, Instant createdAt, ObjectNode root, Optional<String> copyText)
      implements Visible {

    public Widget showing(ObjectNode newRoot) {
      return new Widget(id, threadId, createdAt, newRoot, copyText);
    }
  }

  /// Questions to be answered in a form.
  ///
  /// @param inputs ChatKit's `inputs`: each with `id`, `type`, `question` and, once the form was
  ///   sent, `answer`
  record StructuredInput(
      String id, String threadId, Instant createdAt, FormStatus status, ArrayNode inputs)
      implements Visible {}

  /// Something that was done on the way to the answer, such as a tool call.
  ///
  /// @param title one line
  /// @param content Markdown, possibly empty
  record Task(
      String id,
      String threadId,
      Instant createdAt,
      String icon,
      String title,
      String content,
      Progress progress)
      implements Visible {

    public Task now(Progress newProgress, String newContent) {
      return new Task(id, threadId, createdAt, icon, title, newContent, newProgress);
    }
  }

  /// A note for responders that no client ever gets.
  record HiddenContext(String id, String threadId, Instant createdAt, String note)
      implements Item {}

  /// Where a form stands.
  enum FormStatus {
    PENDING,
    ANSWERED,
    SKIPPED
  }

  /// Where a task stands. A task that failed is complete and says so.
  enum Progress {
    LOADING,
    COMPLETE
  }
}
