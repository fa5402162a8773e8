package dev.gatehouse.relay;

import dev.gatehouse.connection.RequestBuffer;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.stream.RequestBytes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Arrays;

/// A request body as it comes in from the client, who may be slow but must not be slow forever, and
/// may send a lot but not more than the route takes.
final class ClientBody implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  /// The container has buffers of multiples of this many bytes.
  private static final int POOLED = 4 * 1024;

  /// The most to ask the system for at once.
  private static final int LARGEST_PIECE = 64 * 1024;

  private final RequestBytes source;
  private final long announced;
  private final long limit;
  private long total;

  /// @param patience how long it may be too slow
  /// @param limit bytes
  ClientBody(HttpServletRequest request, Duration patience, long limit) {
    this.source = new RequestBytes(request, patience);
    this.announced = request.getContentLengthLong();
    this.limit = limit;
  }

  /// Waits for bytes and takes what is there.
  ///
  /// @return how many, or -1 at the end
  /// @throws ProblemException if it is too much, too slow or not HTTP
  /// @throws Broken if the client broke off
  int read(byte[] buffer) {
    return read(buffer, 0);
  }

  private int read(byte[] buffer, int offset) {
    int length = next(buffer, offset);
    total += Math.max(length, 0);
    if (total > limit) {
      throw tooLarge();
    }
    return length;
  }

  /// All of it.
  ///
  /// @param share what the room for it is taken from
  byte[] readAll(BodyRoom.Share share) {
    try {
      share.expect(Math.max(announced, 0));
      return kept(share);
    } catch (ProblemException e) {
      if (e.problem().code() == ProblemCode.OVERLOADED) {
        discardRest();
      }
      throw e;
    }
  }

  /// A connection that is closed while its client still sends is reset, and the answer lost.
  private void discardRest() {
    source.inPiecesOf(RequestBuffer.USUAL);
    byte[] buffer = new byte[BUFFER];
    int length = read(buffer);
    while (length >= 0) {
      length = read(buffer);
    }
  }

  private byte[] kept(BodyRoom.Share share) {
    byte[] body = grown(new byte[0], announced < 0 ? BUFFER : Math.min(announced, BUFFER), share);
    byte[] more = new byte[1];
    int size = 0;
    while (true) {
      boolean full = size == body.length;
      source.inPiecesOf(piece(size));
      int length = full ? read(more) : read(body, size);
      if (length < 0) {
        return full ? body : Arrays.copyOf(body, size);
      }
      if (full) {
        body = grown(body, capacity(size + 1), share);
        body[size] = more[0];
      }
      size += length;
    }
  }

  /// How much to ask for when so much has come: what is left, but no more than four times what
  /// came. The container has room for it only while it reads, not while it waits.
  private int piece(int size) {
    long most = Math.min(announced - size, 4L * size);
    return Math.clamp(most - most % POOLED, RequestBuffer.USUAL, LARGEST_PIECE);
  }

  private static byte[] grown(byte[] body, long capacity, BodyRoom.Share share) {
    share.take(capacity - body.length);
    return Arrays.copyOf(body, (int) capacity);
  }

  /// Twice what is needed, or just what was announced once an eighth of that has come: nobody gets
  /// more than eight times what it sent.
  private long capacity(int needed) {
    if (announced >= needed) {
      return needed > announced / 8 ? announced : 2L * needed;
    }
    return Math.max(needed, Math.min(2L * needed, limit));
  }

  private int next(byte[] buffer, int offset) {
    try {
      return source.read(buffer, offset);
    } catch (IOException e) {
      throw new Broken(e);
    }
  }

  static ProblemException tooLarge() {
    return Problem.of(ProblemCode.BODY_TOO_LARGE, "The body is larger than this path allows")
        .exception();
  }

  @Override
  public void close() {
    source.close();
  }

  /// The client broke off in the middle of its body.
  static final class Broken extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    Broken(IOException cause) {
      super(cause);
    }
  }
}
