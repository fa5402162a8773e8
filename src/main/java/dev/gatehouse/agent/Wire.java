package dev.gatehouse.agent;

import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How threads, items and events look in ChatKit's JSON.
final class Wire {
  private Wire() {}

  static ObjectNode event(Event event) {
    return switch (event) {
      case Event.ThreadCreated(ChatThread thread) ->
          typed("thread.created").set("thread", thread(thread, Page.empty()));
      case Event.ThreadUpdated(ChatThread thread) ->
          typed("thread.updated").set("thread", thread(thread, Page.empty()));
      case Event.ItemAdded(Item.Visible item) -> typed("thread.item.added").set("item", item(item));
      case Event.ItemDone(Item.Visible item) -> typed("thread.item.done").set("item", item(item));
      case Event.StreamOptions(boolean allowCancel) ->
          typed("stream_options").set("stream_options", object().put("allow_cancel", allowCancel));
      case Event.Progress(String icon, String text) ->
          typed("progress_update").put("icon", icon).put("text", text);
      case Event.TextBegun(String id) -> update(id, part("added").set("content", outputText("")));
      case Event.TextDelta(String id, String delta) ->
          update(id, part("text_delta").put("delta", delta));
      case Event.TextDone(String id, String text) ->
          update(id, part("done").set("content", outputText(text)));
      case Event.Failed(String message, boolean allowRetry) ->
          typed("error")
              .put("code", "custom")
              .put("message", message)
              .put("allow_retry", allowRetry);
    };
  }

  static ObjectNode thread(ChatThread thread, Page<Item.Visible> items) {
    ObjectNode json = object();
    thread.title().ifPresent(title -> json.put("title", title));
    json.put("id", thread.id()).put("created_at", thread.createdAt().toString());
    json.set("status", typed("active"));
    json.set("metadata", object());
    json.set("items", page(items, Wire::item));
    return json;
  }

  static ObjectNode item(Item.Visible item) {
    ObjectNode json =
        object()
            .put("id", item.id())
            .put("thread_id", item.threadId())
            .put("created_at", item.createdAt().toString());
    return switch (item) {
      case Item.UserMessage message -> userMessage(json, message.input());
      case Item.AssistantMessage message -> assistantMessage(json, message.text());
    };
  }

  static <T> ObjectNode page(Page<T> page, Function<T, ObjectNode> form) {
    ObjectNode json = object();
    ArrayNode data = json.putArray("data");
    page.data().forEach(element -> data.add(form.apply(element)));
    return json.put("has_more", page.after().isPresent()).put("after", page.after().orElse(null));
  }

  private static ObjectNode userMessage(ObjectNode json, UserInput input) {
    json.put("type", "user_message");
    ArrayNode content = json.putArray("content");
    input.content().forEach(part -> content.add(content(part)));
    json.putArray("attachments");
    input.quotedText().ifPresent(text -> json.put("quoted_text", text));
    return json.set("inference_options", input.inferenceOptions());
  }

  private static ObjectNode content(UserInput.Content part) {
    return switch (part) {
      case UserInput.Text(String text) -> typed("input_text").put("text", text);
      case UserInput.Tag tag -> {
        ObjectNode json = typed("input_tag").put("id", tag.id()).put("text", tag.text());
        json.set("data", tag.data());
        tag.group().ifPresent(group -> json.put("group", group));
        yield json.put("interactive", tag.interactive());
      }
    };
  }

  private static ObjectNode assistantMessage(ObjectNode json, String text) {
    json.put("type", "assistant_message");
    ArrayNode content = json.putArray("content");
    if (!text.isEmpty()) {
      content.add(outputText(text));
    }
    return json;
  }

  private static ObjectNode update(String itemId, ObjectNode update) {
    return typed("thread.item.updated").put("item_id", itemId).set("update", update);
  }

  private static ObjectNode part(String what) {
    return typed("assistant_message.content_part." + what).put("content_index", 0);
  }

  private static ObjectNode outputText(String text) {
    ObjectNode json = object();
    json.putArray("annotations");
    return json.put("text", text).put("type", "output_text");
  }

  private static ObjectNode typed(String type) {
    return object().put("type", type);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
