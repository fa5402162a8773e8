package dev.gatehouse.relay;

import dev.gatehouse.stream.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/// The body of an answer as it goes out.
///
/// @param length bytes, where that is known
/// @param rewritten whether it is another than the agent's, of which what the agent says to tell
///   its versions and parts apart is not true
record AnswerBody(OptionalLong length, ByteSource source, boolean rewritten) {

  /// As it comes.
  AnswerBody(OptionalLong length, ByteSource source) {
    this(length, source, false);
  }

  /// What was read, and then what is still to come.
  static ByteSource joined(byte[] read, ByteSource rest) {
    return new Joined(read, rest);
  }

  private static final class Joined implements ByteSource {
    private final byte[] read;
    private final ByteSource rest;
    private boolean given;

    Joined(byte[] read, ByteSource rest) {
      this.read = read;
      this.rest = rest;
    }

    @Override
    public Optional<ByteBuffer> read() throws IOException {
      if (given) {
        return rest.read();
      }
      given = true;
      return Optional.of(ByteBuffer.wrap(read));
    }

    @Override
    public boolean beforeWaits(Runnable action) {
      return rest.beforeWaits(action);
    }
  }
}
