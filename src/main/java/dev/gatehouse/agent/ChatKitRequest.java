package dev.gatehouse.agent;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One request: an operation and where in the site it was asked.
record ChatKitRequest(Operation operation, PageContext page) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// @throws Refusal if it is not a ChatKit request that this agent knows
  static ChatKitRequest parse(byte[] body) {
    Fields request = new Fields(root(body), "");
    PageContext page =
        request.optionalObject("metadata").map(PageContext::from).orElse(PageContext.NONE);
    return new ChatKitRequest(operation(request), page);
  }

  private static Operation operation(Fields request) {
    return switch (request.text("type")) {
      case "threads.create" -> new Operation.CreateThread(input(request.object("params")));
      case "threads.add_user_message" -> addUserMessage(request.object("params"));
      case "threads.retry_after_item" -> retryAfterItem(request.object("params"));
      case "threads.list" -> new Operation.ListThreads(PageRequest.from(request.object("params")));
      case "threads.get_by_id" ->
          new Operation.ThreadById(request.object("params").text("thread_id"));
      case "items.list" -> listItems(request.object("params"));
      default -> throw Refusal.invalid("This type of operation is not known here.");
    };
  }

  private static Operation addUserMessage(Fields params) {
    return new Operation.AddUserMessage(params.text("thread_id"), input(params));
  }

  private static Operation retryAfterItem(Fields params) {
    return new Operation.RetryAfterItem(params.text("thread_id"), params.text("item_id"));
  }

  private static Operation listItems(Fields params) {
    return new Operation.ListItems(params.text("thread_id"), PageRequest.from(params));
  }

  private static UserInput input(Fields params) {
    return UserInput.from(params.object("input"));
  }

  private static ObjectNode root(byte[] body) {
    try {
      // Decoded first, because Jackson would guess UTF-16 and mend broken UTF-8.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (JSON.readTree(text) instanceof ObjectNode root) {
        return root;
      }
      throw Refusal.invalid("The request body must be a JSON object.");
    } catch (CharacterCodingException | JacksonException e) {
      throw Refusal.invalid("The request body is not valid JSON.");
    }
  }
}
