package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.UserInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What ChatKit can ask for. A new operation is a record here, a line in [ChatKitRequest] and a
/// method in [Lookups] or [Turns].
sealed interface Operation {

  /// Answered with one JSON object.
  sealed interface Lookup extends Operation {}

  /// Answered with events.
  sealed interface Streaming extends Operation {}

  record CreateThread(Message message) implements Streaming {}

  record AddUserMessage(String threadId, Message message) implements Streaming {}

  /// What came of the pending client tool call.
  record AddClientToolOutput(String threadId, JsonNode result) implements Streaming {}

  record AddStructuredInput(String threadId, String itemId, FormAnswers answers)
      implements Streaming {}

  /// The question is answered anew; what followed it is forgotten.
  record RetryAfterItem(String threadId, String itemId) implements Streaming {}

  record CustomAction(String threadId, Optional<String> itemId, Action action)
      implements Streaming {}

  record ListThreads(PageRequest page) implements Lookup {}

  record ThreadById(String threadId) implements Lookup {}

  record UpdateThread(String threadId, String title) implements Lookup {}

  record DeleteThread(String threadId) implements Lookup {}

  record ListItems(String threadId, PageRequest page) implements Lookup {}

  record Feedback(String threadId, List<String> itemIds, Threads.Rating rating) implements Lookup {
    public Feedback {
      itemIds = List.copyOf(itemIds);
    }
  }

  record SyncCustomAction(String threadId, Optional<String> itemId, Action action)
      implements Lookup {}

  record CreateAttachment(String name, long size, String mimeType) implements Lookup {}

  record DeleteAttachment(String attachmentId) implements Lookup {}

  record Transcribe(Recording recording) implements Lookup {}

  /// What a person says.
  ///
  /// @param attachmentIds what was uploaded before
  record Message(UserInput input, List<String> attachmentIds) {
    public Message {
      attachmentIds = List.copyOf(attachmentIds);
    }
  }

  /// What a button does.
  ///
  /// @param payload an empty object if there is none
  record Action(String type, JsonNode payload) {}

  /// A form as it was sent.
  ///
  /// @param answers by the id of their question
  record FormAnswers(Item.FormStatus status, Map<String, ObjectNode> answers) {
    public FormAnswers {
      answers = Map.copyOf(answers);
    }
  }

  /// Something dictated. Large, so it is handed on and never copied.
  final class Recording {
    private final byte[] audio;
    private final String mimeType;

    Recording(byte[] audio, String mimeType) {
      this.audio = audio;
      this.mimeType = mimeType;
    }

    byte[] audio() {
      return audio;
    }

    String mimeType() {
      return mimeType;
    }
  }
}
