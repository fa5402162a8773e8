package dev.gatehouse.relay;

import dev.gatehouse.stream.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// An event stream in which the data of events may be replaced, where it stands in one line. A line
/// is held until it is whole, or longer than the limit: then it goes out as it comes. All other
/// bytes stay as they are, and also a stream that breaks off gives all that came.
final class RewrittenEvents implements ByteSource {
  private static final int LONGEST_LINE = 128 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};

  private final ByteSource source;
  private final UnaryOperator<byte[]> replacement;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream ready = new ByteArrayOutputStream();
  private boolean tooLong;
  private Optional<Ending> ending = Optional.empty();

  /// How the source ended.
  ///
  /// @param failure why it broke off, if it did
  private record Ending(Optional<IOException> failure) {}

  /// @param replacement of the data of one line, the same array where there is none
  RewrittenEvents(ByteSource source, UnaryOperator<byte[]> replacement) {
    this.source = source;
    this.replacement = replacement;
  }

  /// @return also without any bytes, while a line is not whole
  @Override
  public Optional<ByteBuffer> read() throws IOException {
    if (ending.isPresent()) {
      return end(ending.get());
    }
    return Optional.of(passed(take()));
  }

  @Override
  public boolean beforeWaits(Runnable action) {
    return source.beforeWaits(action);
  }

  @Override
  public boolean isSilent() {
    return ending.isEmpty() && source.isSilent();
  }

  @Override
  public boolean carry(Step step, Runnable then) throws IOException {
    return source.carry(bytes -> step.take(passed(bytes)), then);
  }

  private static Optional<ByteBuffer> end(Ending ending) throws IOException {
    if (ending.failure().isPresent()) {
      throw ending.failure().get();
    }
    return Optional.empty();
  }

  private ByteBuffer take() {
    try {
      Optional<ByteBuffer> bytes = source.read();
      if (bytes.isPresent()) {
        return bytes.get();
      }
      ending = Optional.of(new Ending(Optional.empty()));
    } catch (IOException e) {
      ending = Optional.of(new Ending(Optional.of(e)));
    }
    return NOTHING;
  }

  private ByteBuffer passed(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      add(bytes.get());
    }
    if (ending.isPresent() || tooLong) {
      ready.writeBytes(line.toByteArray());
      line.reset();
    }
    ByteBuffer out = ByteBuffer.wrap(ready.toByteArray());
    ready.reset();
    return out;
  }

  private void add(byte b) {
    if (b == '\n' || b == '\r') {
      ready.writeBytes(tooLong ? line.toByteArray() : rewritten(line.toByteArray()));
      ready.write(b);
      line.reset();
      tooLong = false;
      return;
    }
    line.write(b);
    tooLong = tooLong || line.size() > LONGEST_LINE;
  }

  private byte[] rewritten(byte[] whole) {
    int field = FIELD.length;
    if (whole.length <= field || !Arrays.equals(whole, 0, field, FIELD, 0, field)) {
      return whole;
    }
    int start = whole[field] == ' ' ? field + 1 : field;
    byte[] data = Arrays.copyOfRange(whole, start, whole.length);
    byte[] replaced = replacement.apply(data);
    if (Arrays.equals(replaced, data)) {
      return whole;
    }
    byte[] line = Arrays.copyOf(whole, start + replaced.length);
    System.arraycopy(replaced, 0, line, start, replaced.length);
    return line;
  }
}
