package dev.gatehouse.load;

import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;

/// An agent that pushes as many bytes as it was asked for as fast as it can, without making a
/// single object meanwhile.
final class Flood implements ScriptedUpstream.Script {
  private static final int BLOCK = 64 * 1024;

  private final AtomicLong written = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();

  @Override
  public void answer(Received request, Wire wire) throws Exception {
    int blocks = JsonMapper.shared().readTree(request.text()).get("blocks").asInt();
    byte[] block = firstBlock();
    ByteBuffer view = ByteBuffer.wrap(block);
    written.set(0);
    try {
      wire.send(
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
              .formatted(length(blocks)));
      for (int i = 0; i < blocks; i++) {
        view.putInt(0, i);
        wire.send(block);
        written.addAndGet(BLOCK);
      }
    } finally {
      ended.incrementAndGet();
    }
  }

  private static byte[] firstBlock() {
    byte[] block = new byte[BLOCK];
    new Random(BLOCK).nextBytes(block);
    return block;
  }

  static String json(int blocks) {
    return "{\"blocks\":" + blocks + "}";
  }

  static long length(int blocks) {
    return (long) blocks * BLOCK;
  }

  /// The hash of so many.
  static byte[] hash(int blocks) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] block = firstBlock();
    for (int i = 0; i < blocks; i++) {
      ByteBuffer.wrap(block).putInt(0, i);
      digest.update(block);
    }
    return digest.digest();
  }

  /// Bytes of the present answer that could be written.
  long written() {
    return written.get();
  }

  /// Answers that are over, one way or the other.
  long ended() {
    return ended.get();
  }
}
