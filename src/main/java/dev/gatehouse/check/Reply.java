package dev.gatehouse.check;

/// What came of a request.
sealed interface Reply {

  /// The server answered, whatever it thinks of the request.
  record Answer(int status, String body) implements Reply {}

  /// There was no answer.
  record Silence(String why) implements Reply {}
}
