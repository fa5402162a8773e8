package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Toolbox;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Chat Completions, as OpenAI and many others speak it.
final class ChatCompletionsApi implements Dialect {

  @Override
  public String path() {
    return "chat/completions";
  }

  @Override
  public ObjectNode request(String model, Prompt prompt) {
    ObjectNode request = Fence.data().put("model", model).put("stream", true);
    ArrayNode messages = request.putArray("messages");
    if (!prompt.instructions().isEmpty()) {
      messages.addObject().put("role", "system").put("content", prompt.instructions());
    }
    prompt.entries().forEach(entry -> write(entry, messages.addObject()));
    if (!prompt.tools().isEmpty()) {
      ArrayNode tools = request.putArray("tools");
      prompt.tools().forEach(tool -> write(tool, tools.addObject()));
    }
    return request;
  }

  private static void write(Entry entry, ObjectNode message) {
    switch (entry) {
      case Entry.User user -> write(user, message.put("role", "user"));
      case Entry.Assistant said -> {
        message.put("role", "assistant").put("content", said.text());
        if (!said.calls().isEmpty()) {
          ArrayNode calls = message.putArray("tool_calls");
          said.calls().forEach(call -> write(call, calls.addObject()));
        }
      }
      case Entry.Result result ->
          message
              .put("role", "tool")
              .put("tool_call_id", result.callId())
              .put("content", result.output());
    }
  }

  private static void write(Entry.User user, ObjectNode message) {
    if (user.parts().size() == 1
        && user.parts().getFirst() instanceof Entry.Part.Text(String text)) {
      message.put("content", text);
      return;
    }
    ArrayNode content = message.putArray("content");
    for (Entry.Part part : user.parts()) {
      switch (part) {
        case Entry.Part.Text(String text) ->
            content.addObject().put("type", "text").put("text", text);
        case Entry.Part.Image(String url) ->
            content.addObject().put("type", "image_url").putObject("image_url").put("url", url);
      }
    }
  }

  private static void write(ToolCall call, ObjectNode json) {
    json.put("id", call.id())
        .put("type", "function")
        .putObject("function")
        .put("name", call.name())
        .put("arguments", call.argumentsText());
  }

  private static void write(Toolbox.Tool tool, ObjectNode json) {
    json.put("type", "function")
        .putObject("function")
        .put("name", tool.name())
        .put("description", tool.description())
        .set("parameters", tool.inputSchema());
  }

  @Override
  public boolean read(String data, Answer answer) throws ClientLeft, ModelFailure {
    if (data.strip().equals("[DONE]")) {
      answer.end();
      return true;
    }
    ObjectNode chunk = EventJson.event(data);
    if (chunk.hasNonNull("error")) {
      throw new ModelFailure("it said that it failed");
    }
    if (!chunk.has("choices")) {
      throw new ModelFailure("an event has no choices");
    }
    boolean gotOn = false;
    for (JsonNode choice : EventJson.list(chunk, "choices")) { // none where the costs are told
      gotOn |= choice(choice, answer);
    }
    return gotOn;
  }

  private static boolean choice(JsonNode choice, Answer answer) throws ClientLeft, ModelFailure {
    JsonNode delta = EventJson.member(choice, "delta");
    answer.say(EventJson.text(delta, "content"));
    answer.say(EventJson.text(delta, "refusal"));
    for (JsonNode call : EventJson.list(delta, "tool_calls")) {
      called(call, answer);
    }
    String reason = EventJson.text(choice, "finish_reason");
    if (!reason.isEmpty()) {
      answer.complete();
    }
    switch (reason) {
      case "", "stop", "tool_calls", "function_call" -> {}
      case "error" -> throw new ModelFailure("it said that it failed");
      default -> answer.cutShort(Shortfall.of(reason));
    }
    return !reason.isEmpty() || delta.properties().stream().anyMatch(ChatCompletionsApi::says);
  }

  /// Thoughts have a name of their own with everybody who shows them.
  private static boolean says(Map.Entry<String, JsonNode> part) {
    JsonNode value = part.getValue();
    boolean empty = value.isString() ? value.stringValue().isEmpty() : value.isEmpty();
    return !part.getKey().equals("role") && !empty;
  }

  private static void called(JsonNode call, Answer answer) throws ModelFailure {
    String id = EventJson.text(call, "id");
    // Some leave out the index, and then every call comes in one piece or in order.
    int index =
        call.hasNonNull("index") ? EventJson.index(call, "index") : answer.index(!id.isEmpty());
    JsonNode function = EventJson.member(call, "function");
    answer.call(index, id, EventJson.text(function, "name"), EventJson.text(function, "arguments"));
  }
}
