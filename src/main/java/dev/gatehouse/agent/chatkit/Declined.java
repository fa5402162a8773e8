package dev.gatehouse.agent.chatkit;

import java.io.Serial;

/// An operation that makes no sense in its thread. The text is shown to the person.
final class Declined extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String text;

  Declined(String text) {
    super(text, null, false, false);
    this.text = text;
  }

  String text() {
    return text;
  }
}
