package dev.gatehouse.agent;

/// What ChatKit can ask for. A new operation is a record here, a line in [ChatKitRequest] and a
/// method in [Lookups] or [Turns].
sealed interface Operation {

  /// Answered with one JSON object.
  sealed interface Lookup extends Operation {}

  /// Answered with events.
  sealed interface Streaming extends Operation {}

  record CreateThread(UserInput input) implements Streaming {}

  record AddUserMessage(String threadId, UserInput input) implements Streaming {}

  /// The question is answered anew; what followed it is forgotten.
  record RetryAfterItem(String threadId, String itemId) implements Streaming {}

  record ListThreads(PageRequest page) implements Lookup {}

  record ThreadById(String threadId) implements Lookup {}

  record ListItems(String threadId, PageRequest page) implements Lookup {}
}
