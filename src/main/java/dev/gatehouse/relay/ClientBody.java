package dev.gatehouse.relay;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// A request body as it comes in from the client, who may be slow but must not be slow forever, and
/// may send a lot but not more than the route takes.
final class ClientBody {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final long LEAST_BYTES_PER_SECOND = 240;
  private static final int BUFFER = 16 * 1024;

  private final InputStream source;
  private final long limit;
  private final long started = System.nanoTime();
  private long total;

  /// @param limit bytes
  ClientBody(HttpServletRequest request, long limit) throws IOException {
    this.source = request.getInputStream();
    this.limit = limit;
  }

  /// Waits for bytes and takes what is there.
  ///
  /// @return how many, or -1 at the end
  /// @throws ProblemException if it is too much or too slow
  /// @throws Broken if the client broke off
  int read(byte[] buffer) {
    int length = next(buffer);
    total += Math.max(length, 0);
    if (total > limit) {
      throw tooLarge();
    }
    if (length >= 0 && isTooSlow()) {
      throw tooSlow();
    }
    return length;
  }

  /// All of it.
  byte[] readAll() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int length = read(buffer); length >= 0; length = read(buffer)) {
      body.write(buffer, 0, length);
    }
    return body.toByteArray();
  }

  private int next(byte[] buffer) {
    try {
      return source.read(buffer);
    } catch (IOException e) {
      throw e.getCause() instanceof TimeoutException ? tooSlow() : new Broken(e);
    }
  }

  private boolean isTooSlow() {
    Duration taken = Duration.ofNanos(System.nanoTime() - started);
    return taken.compareTo(GRACE) > 0 && total / taken.toSeconds() < LEAST_BYTES_PER_SECOND;
  }

  static ProblemException tooLarge() {
    return Problem.of(ProblemCode.BODY_TOO_LARGE, "The body is larger than this path allows")
        .exception();
  }

  private static ProblemException tooSlow() {
    return Problem.of(ProblemCode.REQUEST_TIMEOUT, "The body did not arrive in time").exception();
  }

  /// The client broke off in the middle of its body.
  static final class Broken extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    Broken(IOException cause) {
      super(cause);
    }
  }
}
