package dev.gatehouse.agent;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.UserInput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/// Threads and items that were there before.
final class Stored {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  private Stored() {}

  static ChatThread thread(String owner) {
    return ChatThread.begun("thr_1", owner, THEN);
  }

  static Item.UserMessage message(ChatThread thread, String id) {
    UserInput input =
        new UserInput(
            List.of(new UserInput.Text("Hi")),
            Optional.empty(),
            JsonNodeFactory.instance.objectNode());
    return new Item.UserMessage(id, thread.id(), THEN, input, List.of());
  }

  static Item.HiddenContext hidden(ChatThread thread, String id) {
    return new Item.HiddenContext(id, thread.id(), THEN, "for responders only");
  }

  static Responder silent() {
    return (turn, reply) -> {};
  }
}
