package dev.gatehouse.agent;

import java.util.Optional;

/// One assistant message in the making. What was sent so far is known at every moment, because what
/// a person saw before pressing Stop stays in the thread.
final class Reply {
  private final EventStream events;
  private final Item.AssistantMessage empty;
  private final StringBuilder said = new StringBuilder();
  private boolean begun;

  /// @param empty the message before its first word
  Reply(EventStream events, Item.AssistantMessage empty) {
    this.events = events;
    this.empty = empty;
  }

  /// Shows what is being done, until the first word.
  ///
  /// @param icon one of ChatKit's icon names
  void progress(String icon, String text) throws ClientLeft {
    events.send(new Event.Progress(icon, text));
  }

  void say(String delta) throws ClientLeft {
    if (!begun) {
      begun = true;
      events.send(new Event.ItemAdded(empty));
      events.send(new Event.TextBegun(empty.id()));
    }
    events.send(new Event.TextDelta(empty.id(), delta));
    said.append(delta);
  }

  /// The message as far as it got; empty if it says nothing.
  Optional<Item.AssistantMessage> message() {
    if (said.toString().isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        new Item.AssistantMessage(
            empty.id(), empty.threadId(), empty.createdAt(), said.toString()));
  }

  /// Ends the message on the wire, if it was ever begun.
  void finish() throws ClientLeft {
    if (begun) {
      events.send(new Event.TextDone(empty.id(), said.toString()));
      events.send(new Event.ItemDone(message().orElse(empty)));
    }
  }
}
