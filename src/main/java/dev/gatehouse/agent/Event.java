package dev.gatehouse.agent;

/// What a ChatKit stream is made of.
sealed interface Event {

  record ThreadCreated(ChatThread thread) implements Event {}

  record ThreadUpdated(ChatThread thread) implements Event {}

  record ItemAdded(Item.Visible item) implements Event {}

  record ItemDone(Item.Visible item) implements Event {}

  record StreamOptions(boolean allowCancel) implements Event {}

  /// What is being done, shown until the first word.
  ///
  /// @param icon one of ChatKit's icon names
  record Progress(String icon, String text) implements Event {}

  /// The first and only content part of an assistant message begins.
  record TextBegun(String itemId) implements Event {}

  record TextDelta(String itemId, String delta) implements Event {}

  record TextDone(String itemId, String text) implements Event {}

  /// The end of a turn that went wrong; the message is shown to the user.
  record Failed(String message, boolean allowRetry) implements Event {}
}
