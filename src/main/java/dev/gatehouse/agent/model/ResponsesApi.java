package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Toolbox;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The Responses API. Nothing is left at the endpoint: every request has the whole prompt.
final class ResponsesApi implements Dialect {

  @Override
  public String path() {
    return "responses";
  }

  @Override
  public ObjectNode request(String model, Prompt prompt) {
    ObjectNode request = Fence.data().put("model", model).put("stream", true).put("store", false);
    if (!prompt.instructions().isEmpty()) {
      request.put("instructions", prompt.instructions());
    }
    ArrayNode input = request.putArray("input");
    prompt.entries().forEach(entry -> write(entry, input));
    if (!prompt.tools().isEmpty()) {
      ArrayNode tools = request.putArray("tools");
      prompt.tools().forEach(tool -> write(tool, tools.addObject()));
    }
    return request;
  }

  private static void write(Entry entry, ArrayNode input) {
    switch (entry) {
      case Entry.User user -> write(user, input.addObject().put("role", "user"));
      case Entry.Assistant said -> {
        if (!said.text().isEmpty()) {
          input.addObject().put("role", "assistant").put("content", said.text());
        }
        said.calls().forEach(call -> write(call, input.addObject()));
      }
      case Entry.Result result ->
          input
              .addObject()
              .put("type", "function_call_output")
              .put("call_id", result.callId())
              .put("output", result.output());
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
            content.addObject().put("type", "input_text").put("text", text);
        case Entry.Part.Image(String url) ->
            content.addObject().put("type", "input_image").put("image_url", url);
      }
    }
  }

  private static void write(ToolCall call, ObjectNode item) {
    item.put("type", "function_call")
        .put("call_id", call.id())
        .put("name", call.name())
        .put("arguments", call.argumentsText());
  }

  private static void write(Toolbox.Tool tool, ObjectNode function) {
    function
        .put("type", "function")
        .put("name", tool.name())
        .put("description", tool.description())
        // Else every argument that a tool's server calls optional would be required.
        .put("strict", false)
        .set("parameters", tool.inputSchema());
  }

  @Override
  public boolean read(String data, Answer answer) throws ClientLeft, ModelFailure {
    ObjectNode event = EventJson.event(data);
    switch (EventJson.text(event, "type")) {
      case "response.output_text.delta", "response.refusal.delta" ->
          answer.say(EventJson.text(event, "delta"));
      case "response.output_item.added" -> called(event, answer);
      case "response.output_item.done" -> {
        if (called(event, answer)) {
          answer.arguments(
              index(event), EventJson.text(EventJson.member(event, "item"), "arguments"));
        }
      }
      case "response.function_call_arguments.done" ->
          answer.arguments(index(event), EventJson.text(event, "arguments"));
      case "response.completed" -> answer.end();
      case "response.incomplete" -> {
        answer.cutShort(
            Shortfall.of(
                EventJson.text(
                    EventJson.member(EventJson.member(event, "response"), "incomplete_details"),
                    "reason")));
        answer.end();
      }
      case "response.failed", "response.cancelled", "error" ->
          throw new ModelFailure("it said that it failed");
      case "" -> throw new ModelFailure("an event has no type");
      default -> {
        // There are many that tell how far things are, and more to come.
      }
    }
    return gotOn(event);
  }

  /// Whatever is about a part of the output, if only to say that it is being worked on.
  private static boolean gotOn(ObjectNode event) {
    JsonNode delta = event.path("delta");
    return event.has("output_index") && !(delta.isString() && delta.stringValue().isEmpty());
  }

  private static int index(ObjectNode event) throws ModelFailure {
    return EventJson.index(event, "output_index");
  }

  private static boolean called(ObjectNode event, Answer answer) throws ModelFailure {
    JsonNode item = EventJson.member(event, "item");
    if (!EventJson.text(item, "type").equals("function_call")) {
      return false;
    }
    answer.call(index(event), EventJson.text(item, "call_id"), EventJson.text(item, "name"), "");
    return true;
  }
}
