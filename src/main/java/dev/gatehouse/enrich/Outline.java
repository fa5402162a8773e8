package dev.gatehouse.enrich;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// A JSON text that was read to its end and found to be one well-formed object, and what is worth
/// knowing of it. To hold one is to know that the text is valid.
///
/// @param operation the value of the root's operation member, if that is a string
/// @param call where the value of the root's call member stands, if that is a string or an integer
record Outline(ObjectSpan root, Optional<String> operation, Optional<Span> call) {

  /// A stretch of the text.
  ///
  /// @param start offset of its first byte
  /// @param end offset behind its last
  record Span(int start, int end) {}

  /// Reads the text in one pass; empty if it is not exactly one object of well-formed JSON in UTF-8
  /// without duplicate keys, at most `depth` deep.
  static Optional<Outline> read(byte[] json, int depth, Place places, RootNames names) {
    if (!StrictJson.isUtf8(json)) {
      return Optional.empty();
    }
    try (JsonParser parser = StrictJson.parser(json, depth)) {
      return new OutlineReader(parser, names).read(places);
    } catch (JacksonException _) {
      // Its message quotes the input, so nothing of it goes any further.
      return Optional.empty();
    }
  }
}
