package dev.gatehouse.stream;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;

/// Event streams that end by closing the connection, of a protocol that marks their last event: an
/// end without it is one that broke off. Nothing else could tell, since a connection that is lost
/// in the middle may close in the same way (RFC 9112 section 6.3). Bytes are looked at on their way
/// (HTML standard, section 9.2.6) and never changed.
public final class LastEventCheck implements ByteSource {
  /// Bytes of a line and of an event's data, of which the rest is not looked at.
  private static final int MOST = 64 * 1024;

  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final ByteSource source;
  private final Predicate<String> isLast;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private boolean firstLine = true;
  private boolean afterReturn;
  private boolean seen;

  /// @param isLast whether an event with this data is the last
  public LastEventCheck(ByteSource source, Predicate<String> isLast) {
    this.source = source;
    this.isLast = isLast;
  }

  /// @throws IOException also if the end comes without the last event
  @Override
  public Optional<ByteBuffer> read() throws IOException {
    Optional<ByteBuffer> bytes = source.read();
    if (bytes.isEmpty() && !seen) {
      throw new EOFException("the stream ends without its last event");
    }
    bytes.ifPresent(this::lookAt);
    return bytes;
  }

  private void lookAt(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      take(bytes.get(i));
    }
  }

  @Override
  public boolean beforeWaits(Runnable action) {
    return source.beforeWaits(action);
  }

  private void take(byte b) {
    boolean secondOfPair = afterReturn && b == '\n';
    afterReturn = b == '\r';
    if (secondOfPair) {
      return;
    }
    if (b == '\n' || b == '\r') {
      endOfLine(line.toString(StandardCharsets.UTF_8));
      line.reset();
    } else if (line.size() <= MOST) {
      line.write(b);
    }
  }

  private void endOfLine(String raw) {
    String text = firstLine && raw.startsWith(BYTE_ORDER_MARK) ? raw.substring(1) : raw;
    firstLine = false;
    if (text.isEmpty()) {
      seen = seen || (!data.isEmpty() && isLast.test(data.substring(0, data.length() - 1)));
      data.setLength(0);
    } else if (isData(text) && data.length() <= MOST) {
      String value = text.substring(Math.min(text.length(), "data:".length()));
      data.append(value.startsWith(" ") ? value.substring(1) : value).append('\n');
    }
  }

  // A name alone is a field with an empty value.
  private static boolean isData(String line) {
    return line.startsWith("data:") || line.equals("data");
  }
}
