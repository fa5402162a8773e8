package dev.gatehouse.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.IntSupplier;

/// An answer that comes in pieces.
public final class Pieces implements ByteSource {
  private final byte[] bytes;
  private final IntSupplier size;
  private int at;

  /// @param size of the next piece, at most
  public Pieces(byte[] bytes, IntSupplier size) {
    this.bytes = bytes.clone();
    this.size = size;
  }

  @Override
  public Optional<ByteBuffer> read() {
    if (at == bytes.length) {
      return Optional.empty();
    }
    int from = at;
    at = Math.min(at + size.getAsInt(), bytes.length);
    return Optional.of(ByteBuffer.wrap(bytes, from, at - from));
  }

  /// Reads all that comes into a sink, also of an answer that breaks off then.
  public static void copy(ByteSource source, ByteArrayOutputStream sink) throws IOException {
    for (Optional<ByteBuffer> piece = source.read(); piece.isPresent(); piece = source.read()) {
      sink.writeBytes(copy(piece.get()));
    }
  }

  /// Reads a piece.
  public static byte[] copy(ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    return bytes;
  }
}
