package dev.gatehouse.agent.model;

import java.util.List;

/// One entry of a prompt, whatever the interface calls it.
sealed interface Entry {

  /// Said in the role of the user: the person's words, and everything that is data.
  record User(List<Part> parts) implements Entry {

    public User {
      parts = List.copyOf(parts);
    }

    static User of(String text) {
      return new User(List.of(new Part.Text(text)));
    }
  }

  /// Said by the model; what it called belongs to it.
  ///
  /// @param text possibly empty, if there are calls
  record Assistant(String text, List<ToolCall> calls) implements Entry {

    public Assistant {
      calls = List.copyOf(calls);
    }
  }

  /// What came of a call of the entry before.
  record Result(String callId, String output) implements Entry {}

  /// A part of what is said in the role of the user.
  sealed interface Part {

    record Text(String text) implements Part {}

    /// A picture.
    ///
    /// @param url a `data:` URL
    record Image(String url) implements Part {}
  }
}
