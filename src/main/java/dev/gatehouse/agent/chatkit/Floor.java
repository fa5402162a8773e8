package dev.gatehouse.agent.chatkit;

import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/// One turn at a time in each conversation. Without it a question asked right after Stop could be
/// kept before the stopped answer.
final class Floor {
  private final ConcurrentMap<Place, Queue> queues = new ConcurrentHashMap<>();

  /// Waits until nobody else has the floor of this thread; closing gives it up.
  ///
  /// @param owner whose thread it is, so that nobody can wait in a queue of somebody else's
  /// @throws InterruptedIOException if the wait was interrupted
  Held take(String owner, String threadId) throws InterruptedIOException {
    Place place = new Place(owner, threadId);
    Queue queue =
        queues.compute(place, (_, known) -> known == null ? Queue.ofOne() : known.withOneMore());
    try {
      queue.turn.acquire();
    } catch (InterruptedException e) {
      leave(place);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting for the floor");
    }
    return () -> {
      queue.turn.release();
      leave(place);
    };
  }

  /// In how many conversations somebody has the floor or waits for it.
  int size() {
    return queues.size();
  }

  private void leave(Place place) {
    queues.computeIfPresent(place, (_, queue) -> queue.length == 1 ? null : queue.withOneLess());
  }

  /// The right to speak in one conversation.
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private record Place(String owner, String threadId) {}

  /// @param length who has the floor and who waits for it
  private record Queue(Semaphore turn, int length) {
    static Queue ofOne() {
      return new Queue(new Semaphore(1, true), 1);
    }

    Queue withOneMore() {
      return new Queue(turn, length + 1);
    }

    Queue withOneLess() {
      return new Queue(turn, length - 1);
    }
  }
}
