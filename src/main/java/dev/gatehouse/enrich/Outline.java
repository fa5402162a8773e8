package dev.gatehouse.enrich;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// A JSON text that was read to its end and found to be one well-formed object, and what is worth
/// knowing of it. To hold one is to know that the text is valid.
///
/// @param operation the value of the root's operation member, if that is a string
record Outline(ObjectSpan root, Optional<String> operation) {

  /// Reads the text in one pass; empty if it is not exactly one object of well-formed JSON in UTF-8
  /// without duplicate keys, at most `depth` deep.
  static Optional<Outline> read(
      byte[] json, int depth, Place.Branch places, Optional<String> operationMember) {
    if (!StrictJson.isUtf8(json)) {
      return Optional.empty();
    }
    try (JsonParser parser = StrictJson.parser(json, depth)) {
      return new OutlineReader(parser, operationMember).read(places);
    } catch (JacksonException _) {
      // Its message quotes the input, so nothing of it goes any further.
      return Optional.empty();
    }
  }
}
