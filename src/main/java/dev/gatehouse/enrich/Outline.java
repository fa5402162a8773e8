package dev.gatehouse.enrich;

import java.util.Optional;

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
    try {
      return Optional.of(new OutlineReader(new JsonScanner(json, depth), names).read(places));
    } catch (MalformedJsonException _) {
      return Optional.empty();
    }
  }
}
