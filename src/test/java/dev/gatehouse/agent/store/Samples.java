package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.UserInput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Something to keep.
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-25T12:00:00.123Z");

  private Samples() {}

  /// A thread of a person of whom there is nothing else.
  static ChatThread thread() {
    return ChatThread.begun(Ids.thread(), Databases.name("person"), NOW);
  }

  static Item.AssistantMessage answer(ChatThread thread, String text) {
    return new Item.AssistantMessage(Ids.message(), thread.id(), NOW, text);
  }

  static Item.HiddenContext hidden(ChatThread thread) {
    return new Item.HiddenContext(Ids.item(), thread.id(), NOW, "between us");
  }

  static Item.UserMessage question(ChatThread thread, Attachment... attachments) {
    UserInput input =
        new UserInput(
            List.of(
                new UserInput.Text("Where is\n\"Paris\"? 🗼"),
                new UserInput.Tag("t1", "@map", json("{\"x\":1.5}"), Optional.of("maps"), true)),
            Optional.of("quoted"),
            json("{\"model\":\"m\",\"tool_choice\":{\"id\":\"search\"}}"));
    return new Item.UserMessage(Ids.message(), thread.id(), NOW, input, List.of(attachments));
  }

  static Attachment attachment(String owner) {
    return new Attachment(Ids.attachment(), owner, "Plan ü.png", "image/png", 5_000_000_000L, NOW);
  }

  /// One of every kind, in all their states.
  static List<Item> everyKind(ChatThread thread) {
    String id = thread.id();
    Item.ClientToolCall call =
        new Item.ClientToolCall(
            Ids.toolCall(), id, NOW, "call", "zoom", json("{\"to\":7}"), Optional.empty());
    Item.ClientToolCall again =
        new Item.ClientToolCall(
            Ids.toolCall(), id, NOW, "call 2", "zoom", json("{}"), Optional.empty());
    Item.Task task =
        new Item.Task(Ids.item(), id, NOW, "search", "Looking", "*it*", Item.Progress.LOADING);
    ObjectNode card =
        json("{\"type\":\"Card\",\"children\":[{\"type\":\"Text\",\"value\":\"é\"}]}");
    ArrayNode inputs = card.arrayNode().add(json("{\"id\":\"q\",\"question\":\"Why?\"}"));
    return List.of(
        question(thread, attachment(thread.owner())),
        answer(thread, "In *France*."),
        answer(thread, ""),
        call,
        again.answered(json("{\"done\":true}")),
        new Item.Widget(Ids.item(), id, NOW, card, Optional.of("copied")),
        new Item.Widget(Ids.item(), id, NOW, card, Optional.empty()),
        new Item.StructuredInput(Ids.item(), id, NOW, Item.FormStatus.PENDING, inputs),
        new Item.StructuredInput(Ids.item(), id, NOW, Item.FormStatus.SKIPPED, inputs),
        task,
        new Item.Task(Ids.item(), id, NOW, "search", "Looking", "", Item.Progress.COMPLETE),
        hidden(thread));
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) new JsonMapper().readTree(text);
  }
}
