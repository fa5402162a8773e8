package dev.gatehouse.protocol;

/// A failure in a protocol's own words.
///
/// @param mediaType what to call it
/// @param text all of the body
public record ErrorFrame(String mediaType, String text) {

  /// One event of a stream.
  static ErrorFrame event(String json) {
    return new ErrorFrame("text/event-stream", "data: " + json + "\n\n");
  }

  /// One document.
  static ErrorFrame document(String json) {
    return new ErrorFrame("application/json", json);
  }
}
