package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Reply;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/// One turn at a time in each conversation. Without it a question asked right after Stop could be
/// kept before the stopped answer.
final class Floor {
  private static final int MOST_WAITING = 8;

  /// Of each conversation who has the floor, and behind them who waits for it.
  private final ConcurrentMap<Place, Deque<CompletableFuture<Place>>> queues =
      new ConcurrentHashMap<>();

  /// Waits until nobody else has the floor of this thread; closing gives it up.
  ///
  /// @param owner whose thread it is, so that nobody can wait in a queue of somebody else's
  /// @param presence of who waits
  /// @throws Declined if too many wait already
  /// @throws ClientLeft if who waits left before their turn
  /// @throws InterruptedIOException if the wait was interrupted
  Held take(String owner, String threadId, Presence presence)
      throws ClientLeft, InterruptedIOException {
    Place place = new Place(owner, threadId);
    CompletableFuture<Place> turn = new CompletableFuture<>();
    enter(place, turn);
    try (Reply.Registration _ = presence.onLeave(() -> turn.cancel(false))) {
      turn.get();
      return () -> leave(place, turn);
    } catch (CancellationException | ExecutionException e) {
      leave(place, turn);
      throw presence.left();
    } catch (InterruptedException e) {
      leave(place, turn);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting for the floor");
    }
  }

  /// In how many conversations somebody has the floor or waits for it.
  int size() {
    return queues.size();
  }

  private void enter(Place place, CompletableFuture<Place> turn) {
    queues.compute(
        place,
        (_, known) -> {
          Deque<CompletableFuture<Place>> queue = known == null ? new ArrayDeque<>() : known;
          if (queue.size() > MOST_WAITING) {
            throw new Declined("Too much is waiting to be answered here.");
          }
          queue.add(turn);
          queue.element().complete(place);
          return queue;
        });
  }

  private void leave(Place place, CompletableFuture<Place> turn) {
    queues.computeIfPresent(
        place,
        (_, queue) -> {
          queue.remove(turn);
          if (queue.isEmpty()) {
            return null;
          }
          queue.element().complete(place);
          return queue;
        });
  }

  /// The right to speak in one conversation.
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private record Place(String owner, String threadId) {}
}
