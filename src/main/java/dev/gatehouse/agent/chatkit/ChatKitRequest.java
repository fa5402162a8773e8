package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Json;
import dev.gatehouse.agent.chat.PageContext;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.http.Fields;
import dev.gatehouse.agent.http.Refusal;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One request: an operation and where in the site it was asked.
record ChatKitRequest(Operation operation, PageContext page) {
  /// The one operation that carries a file.
  static final String TRANSCRIBE = "input.transcribe";

  private static final int MOST_ITEMS_RATED = 100;
  private static final int MOST_TITLE = 200;

  /// @throws Refusal if it is not a ChatKit request that this agent knows
  static ChatKitRequest from(Fields request) {
    PageContext page =
        request.optionalObject("metadata").map(Inputs::pageContext).orElse(PageContext.NONE);
    return new ChatKitRequest(operation(request.text("type"), request), page);
  }

  private static Operation operation(String type, Fields request) {
    return switch (type) {
      case "threads.create" -> new Operation.CreateThread(message(request.object("params")));
      case "threads.add_user_message" -> addUserMessage(request.object("params"));
      case "threads.add_client_tool_output" -> addClientToolOutput(request.object("params"));
      case "threads.add_structured_input" -> addStructuredInput(request.object("params"));
      case "threads.retry_after_item" -> retryAfterItem(request.object("params"));
      case "threads.custom_action" -> customAction(request.object("params"));
      case "threads.sync_custom_action" -> syncCustomAction(request.object("params"));
      case "threads.list" -> new Operation.ListThreads(Inputs.page(request.object("params")));
      case "threads.get_by_id" -> new Operation.ThreadById(thread(request.object("params")));
      case "threads.update" -> updateThread(request.object("params"));
      case "threads.delete" -> new Operation.DeleteThread(thread(request.object("params")));
      case "items.list" -> listItems(request.object("params"));
      case "items.feedback" -> feedback(request.object("params"));
      case "attachments.create" -> createAttachment(request.object("params"));
      case "attachments.delete" ->
          new Operation.DeleteAttachment(request.object("params").text("attachment_id"));
      case TRANSCRIBE -> transcribe(request.object("params"));
      default -> throw Refusal.invalid("This type of operation is not known here.");
    };
  }

  private static String thread(Fields params) {
    return params.text("thread_id");
  }

  private static Operation.Message message(Fields params) {
    return Inputs.message(params.object("input"));
  }

  private static Operation addUserMessage(Fields params) {
    return new Operation.AddUserMessage(thread(params), message(params));
  }

  private static Operation addClientToolOutput(Fields params) {
    return new Operation.AddClientToolOutput(thread(params), params.any("result"));
  }

  private static Operation addStructuredInput(Fields params) {
    Fields input = params.object("input");
    Item.FormStatus status =
        switch (input.text("status")) {
          case "answered" -> Item.FormStatus.ANSWERED;
          case "skipped" -> Item.FormStatus.SKIPPED;
          default -> throw Refusal.invalid(input.path("status") + " is not answered or skipped.");
        };
    Map<String, ObjectNode> answers = new LinkedHashMap<>();
    Optional<Fields> given = input.optionalObject("answers");
    if (given.isPresent()) {
      for (String id : given.get().node().propertyNames()) {
        Fields answer = given.get().object(id);
        answer.texts("values");
        answers.put(id, answer.node());
      }
    }
    return new Operation.AddStructuredInput(
        thread(params), params.text("item_id"), new Operation.FormAnswers(status, answers));
  }

  private static Operation retryAfterItem(Fields params) {
    return new Operation.RetryAfterItem(thread(params), params.text("item_id"));
  }

  private static Operation customAction(Fields params) {
    return new Operation.CustomAction(
        thread(params), params.optionalText("item_id"), action(params.object("action")));
  }

  private static Operation syncCustomAction(Fields params) {
    return new Operation.SyncCustomAction(
        thread(params), params.optionalText("item_id"), action(params.object("action")));
  }

  private static Operation.Action action(Fields action) {
    JsonNode payload = action.node().get("payload");
    return new Operation.Action(action.text("type"), payload == null ? Json.object() : payload);
  }

  private static Operation updateThread(Fields params) {
    String title = params.text("title").strip();
    if (title.isEmpty() || title.codePointCount(0, title.length()) > MOST_TITLE) {
      throw Refusal.invalid(params.path("title") + " must have 1 to 200 characters.");
    }
    return new Operation.UpdateThread(thread(params), title);
  }

  private static Operation listItems(Fields params) {
    return new Operation.ListItems(thread(params), Inputs.page(params));
  }

  private static Operation feedback(Fields params) {
    Threads.Rating rating =
        switch (params.text("kind")) {
          case "positive" -> Threads.Rating.POSITIVE;
          case "negative" -> Threads.Rating.NEGATIVE;
          default -> throw Refusal.invalid(params.path("kind") + " is not positive or negative.");
        };
    Operation.Feedback feedback =
        new Operation.Feedback(thread(params), params.texts("item_ids"), rating);
    if (feedback.itemIds().size() > MOST_ITEMS_RATED) {
      throw Refusal.invalid(params.path("item_ids") + " has more than 100 elements.");
    }
    return feedback;
  }

  private static Operation createAttachment(Fields params) {
    return new Operation.CreateAttachment(
        params.text("name"), params.size("size"), params.text("mime_type"));
  }

  private static Operation transcribe(Fields params) {
    String mimeType = params.text("mime_type");
    int parameters = mimeType.indexOf(';');
    String bare = parameters < 0 ? mimeType : mimeType.substring(0, parameters);
    try {
      byte[] audio = Base64.getDecoder().decode(params.text("audio_base64"));
      return new Operation.Transcribe(new Operation.Recording(audio, bare.strip()));
    } catch (IllegalArgumentException _) {
      throw Refusal.invalid(params.path("audio_base64") + " is not base64.");
    }
  }
}
