package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Reply;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// One turn at a time in each conversation. Without it a question asked right after Stop could be
/// kept before the stopped answer.
final class Floor {
  private static final int MOST_WAITING = 8;

  /// Of each conversation who has the floor, and behind them who waits for it.
  private final ConcurrentMap<Place, Deque<Candidate>> queues = new ConcurrentHashMap<>();

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
    Candidate who = new Candidate(presence);
    enter(place, who);
    try (Reply.Registration _ = presence.onLeave(who::giveUp)) {
      who.turn.get();
      return () -> leave(place, who);
    } catch (CancellationException | ExecutionException e) {
      leave(place, who);
      throw presence.left();
    } catch (InterruptedException e) {
      leave(place, who);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting for the floor");
    }
  }

  /// Whoever has the floor of this thread gives it up only once this has ended too.
  void extend(String owner, String threadId, CompletableFuture<?> end) {
    queues.computeIfPresent(
        new Place(owner, threadId),
        (_, queue) -> {
          queue.element().end = end;
          return queue;
        });
  }

  /// Sends away who has the floor of a thread that is gone, and who waits for it.
  void clear(String owner, String threadId) {
    List<Candidate> all = new ArrayList<>();
    queues.computeIfPresent(
        new Place(owner, threadId),
        (_, queue) -> {
          all.addAll(queue);
          return queue;
        });
    all.forEach(candidate -> candidate.presence.expel());
  }

  /// In how many conversations somebody has the floor or waits for it.
  int size() {
    return queues.size();
  }

  private void enter(Place place, Candidate who) {
    queues.compute(
        place,
        (_, known) -> {
          Deque<Candidate> queue = known == null ? new ArrayDeque<>() : known;
          if (queue.size() > MOST_WAITING) {
            throw new Declined("Too much is waiting to be answered here.");
          }
          queue.add(who);
          queue.element().turn.complete(null);
          return queue;
        });
  }

  private void leave(Place place, Candidate who) {
    var _ = who.end.whenComplete((_, _) -> remove(place, who));
  }

  private void remove(Place place, Candidate who) {
    queues.computeIfPresent(
        place,
        (_, queue) -> {
          queue.remove(who);
          if (queue.isEmpty()) {
            return null;
          }
          queue.element().turn.complete(null);
          return queue;
        });
  }

  /// The right to speak in one conversation.
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /// Who has the floor or waits for it.
  private static final class Candidate {
    private final CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
    private volatile CompletableFuture<?> end = CompletableFuture.completedFuture(null);
    private final Presence presence;

    Candidate(Presence presence) {
      this.presence = presence;
    }

    void giveUp() {
      turn.cancel(false);
    }
  }

  private record Place(String owner, String threadId) {}
}
