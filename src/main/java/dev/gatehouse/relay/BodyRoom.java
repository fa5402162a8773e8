package dev.gatehouse.relay;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that request bodies may take up, all of them together, and the time one may take to
/// arrive. What an exchange holds of it goes back when its answer begins, since its body stays in
/// memory until then, or else when the exchange is over.
public final class BodyRoom {
  private static final String RETRY_AFTER_SECONDS = "2";

  private final Duration patience;
  private final long size;
  private final AtomicLong taken = new AtomicLong();

  /// @param patience how long a body may be slower than 240 bytes a second
  /// @param size bytes
  public BodyRoom(Duration patience, long size) {
    this.patience = patience;
    this.size = size;
  }

  /// Room of a quarter of the heap.
  public static BodyRoom ofHeap(Duration patience) {
    return new BodyRoom(patience, Runtime.getRuntime().maxMemory() / 4);
  }

  Duration patience() {
    return patience;
  }

  /// What one exchange takes of it: nothing at first.
  Share share() {
    return new Share();
  }

  private static ProblemException full() {
    return Problem.of(ProblemCode.OVERLOADED, "Too much is being sent at once; try again soon")
        .with("Retry-After", RETRY_AFTER_SECONDS)
        .exception();
  }

  /// One exchange's part.
  final class Share implements AutoCloseable {
    private long held;

    private Share() {}

    /// Asks whether this much would fit in now. It is not set aside: who only announces bytes must
    /// not keep out who sends them.
    ///
    /// @throws ProblemException if it would not
    void expect(long bytes) {
      if (bytes > size) {
        throw ClientBody.tooLarge();
      }
      if (taken.get() + bytes > size) {
        throw full();
      }
    }

    /// Takes so much more.
    ///
    /// @throws ProblemException if there is no room
    void take(long bytes) {
      if (taken.addAndGet(bytes) > size) {
        taken.addAndGet(-bytes);
        throw full();
      }
      held += bytes;
    }

    @Override
    public void close() {
      taken.addAndGet(-held);
      held = 0;
    }
  }
}
