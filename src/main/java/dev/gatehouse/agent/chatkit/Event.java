package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Reply;
import tools.jackson.databind.node.ObjectNode;

/// What a ChatKit stream is made of.
sealed interface Event {

  record ThreadCreated(ChatThread thread) implements Event {}

  record ThreadUpdated(ChatThread thread) implements Event {}

  record ItemAdded(Item.Visible item) implements Event {}

  record ItemDone(Item.Visible item) implements Event {}

  record ItemReplaced(Item.Visible item) implements Event {}

  record ItemRemoved(String itemId) implements Event {}

  record StreamOptions(boolean allowCancel) implements Event {}

  /// What is being done, shown until the first word.
  ///
  /// @param icon one of ChatKit's icon names
  record Progress(String icon, String text) implements Event {}

  /// The first and only content part of an assistant message begins.
  record TextBegun(String itemId) implements Event {}

  record TextDelta(String itemId, String delta) implements Event {}

  record TextDone(String itemId, String text) implements Event {}

  record ClientEffect(String name, ObjectNode data) implements Event {}

  record Notice(Reply.Level level, String title, String message) implements Event {}

  /// The end of a turn that went wrong; the message is shown to the user.
  record Failed(String message, boolean allowRetry) implements Event {

    /// Because the store is away.
    static Failed notKept() {
      return new Failed("Conversations cannot be kept at the moment.", true);
    }
  }
}
