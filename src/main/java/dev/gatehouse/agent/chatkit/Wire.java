package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.ItemJson;
import dev.gatehouse.agent.chat.Json;
import dev.gatehouse.agent.chat.Page;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.agent.chat.Uploads;
import java.util.Locale;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How threads, items and events look in ChatKit's JSON.
final class Wire {
  private final Uploads uploads;

  /// @param uploads knows where a preview can be seen
  Wire(Uploads uploads) {
    this.uploads = uploads;
  }

  ObjectNode event(Event event) {
    return switch (event) {
      case Event.ThreadCreated(ChatThread thread) ->
          Json.typed("thread.created").set("thread", thread(thread, Page.empty()));
      case Event.ThreadUpdated(ChatThread thread) ->
          Json.typed("thread.updated").set("thread", thread(thread, Page.empty()));
      case Event.ItemAdded(Item.Visible item) ->
          Json.typed("thread.item.added").set("item", item(item));
      case Event.ItemDone(Item.Visible item) ->
          Json.typed("thread.item.done").set("item", item(item));
      case Event.ItemReplaced(Item.Visible item) ->
          Json.typed("thread.item.replaced").set("item", item(item));
      case Event.ItemRemoved(String id) -> Json.typed("thread.item.removed").put("item_id", id);
      case Event.StreamOptions(boolean allowCancel) ->
          Json.typed("stream_options")
              .set("stream_options", Json.object().put("allow_cancel", allowCancel));
      case Event.Progress(String icon, String text) ->
          Json.typed("progress_update").put("icon", icon).put("text", text);
      case Event.TextBegun(String id) ->
          update(id, part("added").set("content", ItemJson.outputText("")));
      case Event.TextDelta(String id, String delta) ->
          update(id, part("text_delta").put("delta", delta));
      case Event.TextDone(String id, String text) ->
          update(id, part("done").set("content", ItemJson.outputText(text)));
      case Event.ClientEffect(String name, ObjectNode data) ->
          Json.typed("client_effect").put("name", name).set("data", data);
      case Event.Notice notice ->
          Json.typed("notice")
              .put("level", notice.level().name().toLowerCase(Locale.ROOT))
              .put("message", notice.message())
              .put("title", notice.title());
      case Event.Failed(String message, boolean allowRetry) ->
          Json.typed("error")
              .put("code", "custom")
              .put("message", message)
              .put("allow_retry", allowRetry);
    };
  }

  ObjectNode thread(ChatThread thread, Page<Item.Visible> items) {
    ObjectNode json = Json.object();
    thread.title().ifPresent(title -> json.put("title", title));
    json.put("id", thread.id()).put("created_at", thread.createdAt().toString());
    json.set("status", status(thread.status()));
    json.set("metadata", Json.object());
    json.set("items", page(items, this::item));
    return json;
  }

  ObjectNode item(Item.Visible item) {
    ObjectNode json = ItemJson.of(item);
    if (item instanceof Item.UserMessage message) {
      ArrayNode attachments = json.putArray("attachments");
      message.attachments().forEach(attachment -> attachments.add(attachment(attachment)));
    }
    return json;
  }

  ObjectNode attachment(Attachment attachment) {
    return ItemJson.attachment(attachment, uploads);
  }

  static <T> ObjectNode page(Page<T> page, Function<T, ObjectNode> form) {
    ObjectNode json = Json.object();
    ArrayNode data = json.putArray("data");
    page.data().forEach(element -> data.add(form.apply(element)));
    return json.put("has_more", page.after().isPresent()).put("after", page.after().orElse(null));
  }

  private static ObjectNode status(ThreadStatus status) {
    ObjectNode json = Json.typed(status.kind().name().toLowerCase(Locale.ROOT));
    status.reason().ifPresent(reason -> json.put("reason", reason));
    return json;
  }

  private static ObjectNode update(String itemId, ObjectNode update) {
    return Json.typed("thread.item.updated").put("item_id", itemId).set("update", update);
  }

  private static ObjectNode part(String what) {
    return Json.typed("assistant_message.content_part." + what).put("content_index", 0);
  }
}
