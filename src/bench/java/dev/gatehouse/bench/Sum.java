package dev.gatehouse.bench;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What went through one end of a stream.
final class Sum {
  private final CRC32C checksum = new CRC32C();
  private long bytes;

  void add(ByteBuffer part) {
    bytes += part.remaining();
    checksum.update(part.duplicate());
  }

  void add(byte[] part) {
    add(ByteBuffer.wrap(part));
  }

  long bytes() {
    return bytes;
  }

  long checksum() {
    return checksum.getValue();
  }

  boolean matches(Sum other) {
    return bytes == other.bytes && checksum() == other.checksum();
  }
}
