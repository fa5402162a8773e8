package dev.gatehouse.agent.chat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The one JSON form of items: as ChatKit's `ThreadItem`s they go over the wire, and as the same
/// objects they are kept.
public final class ItemJson {
  private ItemJson() {}

  /// A [Item.HiddenContext] has a form as well, which is for keeping only.
  public static ObjectNode of(Item item) {
    ObjectNode json =
        Json.object()
            .put("id", item.id())
            .put("thread_id", item.threadId())
            .put("created_at", item.createdAt().toString());
    return switch (item) {
      case Item.UserMessage message -> userMessage(json, message);
      case Item.AssistantMessage message -> assistantMessage(json, message.text());
      case Item.ClientToolCall call -> toolCall(json, call);
      case Item.Widget widget ->
          json.put("type", "widget")
              .put("copy_text", widget.copyText().orElse(null))
              .set("widget", widget.root());
      case Item.StructuredInput form ->
          json.put("type", "structured_input")
              .put("status", name(form.status()))
              .set("inputs", form.inputs());
      case Item.Task task -> json.put("type", "task").set("task", task(task));
      case Item.HiddenContext hidden ->
          json.put("type", "hidden_context_item").put("content", hidden.note());
    };
  }

  /// What was written by [#of].
  ///
  /// @param owner whose item it is
  /// @throws IllegalArgumentException if it was not
  public static Item read(ObjectNode json, String owner) {
    String id = text(json, "id");
    String thread = text(json, "thread_id");
    Instant at = Instant.parse(text(json, "created_at"));
    return switch (text(json, "type")) {
      case "user_message" ->
          new Item.UserMessage(id, thread, at, input(json), attachments(json, owner, at));
      case "assistant_message" ->
          new Item.AssistantMessage(id, thread, at, json.at("/content/0/text").asString(""));
      case "client_tool_call" ->
          new Item.ClientToolCall(
              id,
              thread,
              at,
              text(json, "call_id"),
              text(json, "name"),
              object(json, "arguments"),
              text(json, "status").equals("completed")
                  ? Optional.of(json.path("output"))
                  : Optional.empty());
      case "widget" ->
          new Item.Widget(id, thread, at, object(json, "widget"), optionalText(json, "copy_text"));
      case "structured_input" ->
          new Item.StructuredInput(
              id,
              thread,
              at,
              Item.FormStatus.valueOf(text(json, "status").toUpperCase(Locale.ROOT)),
              array(json, "inputs"));
      case "task" -> task(id, thread, at, object(json, "task"));
      case "hidden_context_item" -> new Item.HiddenContext(id, thread, at, text(json, "content"));
      default -> throw new IllegalArgumentException("no item of this type is kept here");
    };
  }

  private static ObjectNode userMessage(ObjectNode json, Item.UserMessage message) {
    json.put("type", "user_message");
    ArrayNode content = json.putArray("content");
    message.input().content().forEach(part -> content.add(content(part)));
    ArrayNode attachments = json.putArray("attachments");
    message.attachments().forEach(attachment -> attachments.add(attachment(attachment)));
    message.input().quotedText().ifPresent(text -> json.put("quoted_text", text));
    return json.set("inference_options", message.input().inferenceOptions());
  }

  private static ObjectNode content(UserInput.Content part) {
    return switch (part) {
      case UserInput.Text(String text) -> Json.typed("input_text").put("text", text);
      case UserInput.Tag tag -> {
        ObjectNode json = Json.typed("input_tag").put("id", tag.id()).put("text", tag.text());
        json.set("data", tag.data());
        tag.group().ifPresent(group -> json.put("group", group));
        yield json.put("interactive", tag.interactive());
      }
    };
  }

  private static UserInput input(ObjectNode json) {
    List<UserInput.Content> content = new ArrayList<>();
    for (JsonNode part : array(json, "content")) {
      ObjectNode object = (ObjectNode) part;
      content.add(
          text(object, "type").equals("input_text")
              ? new UserInput.Text(text(object, "text"))
              : new UserInput.Tag(
                  text(object, "id"),
                  text(object, "text"),
                  object(object, "data"),
                  optionalText(object, "group"),
                  object.path("interactive").asBoolean(false)));
    }
    return new UserInput(
        content, optionalText(json, "quoted_text"), object(json, "inference_options"));
  }

  /// ChatKit's `Attachment`, without the addresses that only some requests know.
  public static ObjectNode attachment(Attachment attachment) {
    ObjectNode json =
        Json.typed(attachment.isImage() ? "image" : "file")
            .put("id", attachment.id())
            .put("name", attachment.name())
            .put("mime_type", attachment.mimeType());
    json.putObject("metadata").put("size", attachment.size());
    return json;
  }

  /// With the address of its preview, which is good for a while only.
  public static ObjectNode attachment(Attachment attachment, Uploads uploads) {
    ObjectNode json = attachment(attachment);
    if (attachment.isImage()) {
      json.put("preview_url", uploads.preview(attachment).toString());
    }
    return json;
  }

  private static List<Attachment> attachments(ObjectNode json, String owner, Instant at) {
    List<Attachment> attachments = new ArrayList<>();
    for (JsonNode element : array(json, "attachments")) {
      ObjectNode one = (ObjectNode) element;
      attachments.add(
          new Attachment(
              text(one, "id"),
              owner,
              text(one, "name"),
              text(one, "mime_type"),
              one.at("/metadata/size").asLong(0),
              at));
    }
    return attachments;
  }

  private static ObjectNode assistantMessage(ObjectNode json, String text) {
    ArrayNode content = json.put("type", "assistant_message").putArray("content");
    if (!text.isEmpty()) {
      content.add(outputText(text));
    }
    return json;
  }

  /// The one content part of an assistant's message.
  public static ObjectNode outputText(String text) {
    ObjectNode json = Json.object();
    json.putArray("annotations");
    return json.put("text", text).put("type", "output_text");
  }

  private static ObjectNode toolCall(ObjectNode json, Item.ClientToolCall call) {
    json.put("type", "client_tool_call")
        .put("status", call.output().isPresent() ? "completed" : "pending")
        .put("call_id", call.callId())
        .put("name", call.name())
        .set("arguments", call.arguments());
    call.output().ifPresent(output -> json.set("output", output));
    return json;
  }

  private static ObjectNode task(Item.Task task) {
    return Json.typed("custom")
        .put("title", task.title())
        .put("icon", task.icon())
        .put("content", task.content())
        .put("status_indicator", name(task.progress()));
  }

  private static Item.Task task(String id, String thread, Instant at, ObjectNode json) {
    return new Item.Task(
        id,
        thread,
        at,
        text(json, "icon"),
        text(json, "title"),
        text(json, "content"),
        Item.Progress.valueOf(text(json, "status_indicator").toUpperCase(Locale.ROOT)));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String text(ObjectNode json, String name) {
    return optionalText(json, name)
        .orElseThrow(() -> new IllegalArgumentException("no text in " + name));
  }

  private static Optional<String> optionalText(ObjectNode json, String name) {
    return Optional.ofNullable(json.get(name))
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue);
  }

  private static ObjectNode object(ObjectNode json, String name) {
    if (json.get(name) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("no object in " + name);
  }

  private static ArrayNode array(ObjectNode json, String name) {
    if (json.get(name) instanceof ArrayNode array) {
      return array;
    }
    throw new IllegalArgumentException("no array in " + name);
  }
}
