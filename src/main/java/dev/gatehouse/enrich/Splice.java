package dev.gatehouse.enrich;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A body being put together from stretches of the original, which are never copied, and pieces in
/// between. It only moves forward.
final class Splice {
  private final byte[] body;
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private int at;

  Splice(byte[] body) {
    this.body = body;
  }

  /// Takes over the original up to that offset.
  void keepTo(int offset) {
    if (offset > at) {
      pieces.add(ByteBuffer.wrap(body, at, offset - at));
      at = offset;
    }
  }

  /// Leaves the original out up to that offset.
  void skipTo(int offset) {
    at = offset;
  }

  void add(ByteBuffer piece) {
    pieces.add(piece);
  }

  /// All pieces, with the rest of the original.
  List<ByteBuffer> finish() {
    keepTo(body.length);
    return pieces;
  }

  /// The offset of the first byte at or after this one that is not white space.
  int afterBlanks(int offset) {
    int after = offset;
    while (JsonScanner.isBlank(body[after])) {
      after++;
    }
    return after;
  }

  /// The offset behind the last byte before this one that is not white space.
  int beforeBlanks(int offset) {
    int before = offset;
    while (JsonScanner.isBlank(body[before - 1])) {
      before--;
    }
    return before;
  }

  boolean isComma(int offset) {
    return body[offset] == ',';
  }

  boolean isList(int offset) {
    return body[offset] == '[';
  }
}
