package dev.gatehouse.agent.http;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Which requests may be large, and room for a few of them at once: each takes many times its size
/// while it is read and answered.
public final class LargeBodies {
  private static final int MOST = 4;

  private final Optional<String> type;
  private final Semaphore room = new Semaphore(MOST);

  /// @param type of the requests that may be large, if any may
  public LargeBodies(Optional<String> type) {
    this.type = type;
  }

  /// For one request, which takes room only if it is large.
  public Place place() {
    return new Place();
  }

  /// Where a request stays until it is answered.
  public final class Place implements AutoCloseable {
    private boolean taken;

    private Place() {}

    /// @param what the type that a large request says it is of
    /// @throws Refusal if those may not be large, or there is no room
    void take(String what) {
      if (type.filter(what::equals).isEmpty()) {
        throw Refusal.tooLarge();
      }
      taken = room.tryAcquire();
      if (!taken) {
        throw Refusal.busy();
      }
    }

    @Override
    public void close() {
      if (taken) {
        room.release();
      }
    }
  }
}
