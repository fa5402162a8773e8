package dev.gatehouse.agent;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Request bodies as a ChatKit client writes them, and what to read from events.
final class Asking {
  private Asking() {}

  static String create(String question) {
    return create(question, "{}");
  }

  static String create(String question, String metadata) {
    return """
    {"type":"threads.create","params":{"input":%s},"metadata":%s}\
    """
        .formatted(input(question), metadata);
  }

  static String add(String threadId, String question) {
    return add(threadId, question, "{}");
  }

  static String add(String threadId, String question, String metadata) {
    return """
    {"type":"threads.add_user_message","params":{"thread_id":"%s","input":%s},"metadata":%s}\
    """
        .formatted(threadId, input(question), metadata);
  }

  static String retry(String threadId, String itemId) {
    return """
    {"type":"threads.retry_after_item","params":{"thread_id":"%s","item_id":"%s"}}\
    """
        .formatted(threadId, itemId);
  }

  static String delete(String threadId) {
    return """
    {"type":"threads.delete","params":{"thread_id":"%s"}}\
    """
        .formatted(threadId);
  }

  static String byId(String threadId) {
    return """
    {"type":"threads.get_by_id","params":{"thread_id":"%s"}}\
    """
        .formatted(threadId);
  }

  static String threads(String params) {
    return """
    {"type":"threads.list","params":{%s}}\
    """
        .formatted(params);
  }

  /// @param more further params, with a leading comma
  static String items(String threadId, String more) {
    return """
    {"type":"items.list","params":{"thread_id":"%s"%s}}\
    """
        .formatted(threadId, more);
  }

  /// @param type of the operation
  /// @param more further params, with a leading comma
  static String action(String type, String threadId, String more) {
    return """
    {"type":"%s","params":{"thread_id":"%s"%s}}\
    """
        .formatted(type, threadId, more);
  }

  static ObjectNode input(String question) {
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    input.putArray("content").addObject().put("type", "input_text").put("text", question);
    input.put("quoted_text", "");
    input.putArray("attachments");
    input.putObject("inference_options");
    return input;
  }

  static List<String> types(List<JsonNode> events) {
    return events.stream().map(Asking::type).toList();
  }

  /// Everything that was said, delta by delta.
  static String said(List<JsonNode> events) {
    return events.stream()
        .map(event -> event.at("/update/delta"))
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .collect(Collectors.joining());
  }

  private static String type(JsonNode event) {
    String type = event.at("/type").stringValue();
    return type.equals("thread.item.updated")
        ? event.at("/update/type").stringValue().replace("assistant_message.content_part.", "…")
        : type;
  }
}
