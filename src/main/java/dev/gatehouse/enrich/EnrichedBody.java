package dev.gatehouse.enrich;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A request body as the upstream gets it: stretches of the client's own bytes, not copied, and
/// what was written in between. The array it was made from must not change any more.
public final class EnrichedBody {
  /// Written at once: the system is given a copy of it.
  private static final int STRETCH = 64 * 1024;

  private final List<ByteBuffer> pieces;
  private final Set<Merged> merged;
  private final Optional<String> operation;
  private final Optional<String> call;

  EnrichedBody(
      List<ByteBuffer> pieces,
      Set<Merged> merged,
      Optional<String> operation,
      Optional<String> call) {
    this.pieces = List.copyOf(pieces);
    this.merged = merged;
    this.operation = operation;
    this.call = call;
  }

  /// Bytes in all.
  public long length() {
    return pieces.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /// Writes all of it; may be called again.
  public void writeTo(OutputStream out) throws IOException {
    for (ByteBuffer piece : pieces) {
      int end = piece.arrayOffset() + piece.limit();
      for (int at = piece.arrayOffset() + piece.position(); at < end; at += STRETCH) {
        out.write(piece.array(), at, Math.min(STRETCH, end - at));
      }
    }
  }

  /// The value of `X-Gatehouse-Context`, such as `page,user`; empty if nothing was merged.
  public Optional<String> contextHeader() {
    return merged.isEmpty()
        ? Optional.empty()
        : Optional.of(merged.stream().map(Merged::text).collect(Collectors.joining(",")));
  }

  /// What was merged: `USER` if any target was given the user, `PAGE` if any now carries a page
  /// context, the client's own included.
  public Set<Merged> merged() {
    return merged;
  }

  /// The operation the body asks for, if the protocol names operations and this body does. Comes
  /// from the client: not for logs or labels.
  public Optional<String> operation() {
    return operation;
  }

  /// What an answer has to repeat, as JSON text, if the protocol has such a thing and this body
  /// asks for an answer. Comes from the client too.
  public Optional<String> call() {
    return call;
  }
}
