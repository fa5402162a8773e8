package dev.gatehouse.relay;

import java.util.ArrayDeque;
import java.util.Deque;

/// What an exchange holds on to, let go in reverse when it is over, on whatever thread that is.
final class Holdings implements AutoCloseable {
  private final Deque<Runnable> releases = new ArrayDeque<>(4);

  /// Has this run at the end, before what was added earlier.
  void add(Runnable release) {
    releases.push(release);
  }

  /// Lets everything go that is still held, whatever becomes of the rest.
  @Override
  public void close() {
    Runnable last = releases.poll();
    if (last != null) {
      try {
        last.run();
      } finally {
        close();
      }
    }
  }
}
