package dev.gatehouse.agent;

import java.time.Instant;

/// One entry of a thread.
sealed interface Item {

  String id();

  /// What clients may see. Only these have a form on the wire.
  sealed interface Visible extends Item {

    String threadId();

    Instant createdAt();
  }

  record UserMessage(String id, String threadId, Instant createdAt, UserInput input)
      implements Visible {}

  record AssistantMessage(String id, String threadId, Instant createdAt, String text)
      implements Visible {}

  /// A note for responders that no client ever gets.
  record HiddenContext(String id, String note) implements Item {}
}
