package dev.gatehouse.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
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
  public Optional<byte[]> read() {
    if (at == bytes.length) {
      return Optional.empty();
    }
    int from = at;
    at = Math.min(at + size.getAsInt(), bytes.length);
    return Optional.of(Arrays.copyOfRange(bytes, from, at));
  }

  /// Reads all that comes into a sink, also of an answer that breaks off then.
  public static void copy(ByteSource source, ByteArrayOutputStream sink) throws IOException {
    for (Optional<byte[]> piece = source.read(); piece.isPresent(); piece = source.read()) {
      sink.writeBytes(piece.get());
    }
  }
}
