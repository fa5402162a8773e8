package dev.gatehouse.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Takes HTTP/1.1 messages apart, as far as a benchmark needs it (RFC 9112): heads, bodies with a
/// length or in chunks, one message after the other.
final class HttpReader {
  private static final int LONGEST_HEAD = 64 * 1024;

  private final Listener listener;
  private byte[] line = new byte[4096];
  private int length;
  private State state = State.HEAD;
  private long left;

  HttpReader(Listener listener) {
    this.listener = listener;
  }

  /// What a message is made of, in order.
  interface Listener {
    /// The start of a message.
    ///
    /// @param head in lower case, with all line ends
    void head(String head);

    /// Part of the body; its bytes have to be used at once.
    void body(ByteBuffer part);

    void end();
  }

  private enum State {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER
  }

  void read(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      switch (state) {
        case HEAD -> head(bytes);
        case LENGTH -> body(bytes, State.HEAD);
        case CHUNK_SIZE -> chunkSize(bytes);
        case CHUNK -> body(bytes, State.CHUNK_END);
        case CHUNK_END -> {
          if (takeLine(bytes)) {
            length = 0;
            state = State.CHUNK_SIZE;
          }
        }
        case TRAILER -> trailer(bytes);
      }
    }
  }

  private void head(ByteBuffer bytes) {
    if (!takeLine(bytes) || !endsHead()) {
      return;
    }
    String head = text().toLowerCase(Locale.ROOT);
    length = 0;
    listener.head(head);
    if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
      state = State.CHUNK_SIZE;
      return;
    }
    left = number(head, "\r\ncontent-length: ");
    if (left == 0) {
      listener.end();
    } else {
      state = State.LENGTH;
    }
  }

  private boolean endsHead() {
    return length >= 4 && line[length - 3] == '\n';
  }

  private static long number(String head, String name) {
    int start = head.indexOf(name);
    if (start < 0) {
      return 0;
    }
    int from = start + name.length();
    return Long.parseLong(head, from, head.indexOf('\r', from), 10);
  }

  private void body(ByteBuffer bytes, State next) {
    int part = (int) Math.min(left, bytes.remaining());
    listener.body(bytes.slice(bytes.position(), part));
    bytes.position(bytes.position() + part);
    left -= part;
    if (left == 0) {
      state = next;
      if (next == State.HEAD) {
        listener.end();
      }
    }
  }

  private void chunkSize(ByteBuffer bytes) {
    if (takeLine(bytes)) {
      left = Long.parseLong(text().strip(), 16);
      length = 0;
      state = left == 0 ? State.TRAILER : State.CHUNK;
    }
  }

  private void trailer(ByteBuffer bytes) {
    if (takeLine(bytes)) {
      boolean last = length == 2;
      length = 0;
      if (last) {
        state = State.HEAD;
        listener.end();
      }
    }
  }

  /// Takes bytes up to the end of a line.
  ///
  /// @return whether the end was there
  private boolean takeLine(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (length == line.length) {
        if (length >= LONGEST_HEAD) {
          throw new IllegalStateException("a head without end");
        }
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = next;
      if (next == '\n') {
        return true;
      }
    }
    return false;
  }

  private String text() {
    return new String(line, 0, length, StandardCharsets.ISO_8859_1);
  }
}
