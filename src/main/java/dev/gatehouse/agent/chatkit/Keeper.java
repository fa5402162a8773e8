package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what was said in turns that did not end well, and tries again while the store is away.
/// Nobody waits for that but the next turn of the same thread.
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /// A store that works needs less.
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final Floor floor;
  private final Duration patience;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();

  /// @param patience for how long to try again
  Keeper(Floor floor, Duration patience) {
    this.floor = floor;
    this.patience = patience;
  }

  /// Keeps items, all or none. Unless the store is away or slow, that is done on return. Until it
  /// is, who has the floor of the thread does not give it up.
  void keep(Sequel sequel, List<Item> items) {
    Task task = new Task(sequel, List.copyOf(items), new CompletableFuture<>());
    tasks.add(task);
    floor.extend(sequel.thread().owner(), sequel.thread().id(), task.end);
    Thread.ofVirtual().name("keeper").start(() -> run(task));
    await(task.end, MOMENT);
  }

  /// Waits for the store no longer, but tries once more.
  ///
  /// @param limit how long that may take
  void close(Duration limit) {
    over.countDown();
    await(
        CompletableFuture.allOf(tasks.stream().map(Task::end).toArray(CompletableFuture<?>[]::new)),
        limit);
    for (Task task : tasks) {
      LOG.warn("the store takes too long, and what was said may be lost: {}", task);
    }
  }

  private static void await(CompletableFuture<?> end, Duration limit) {
    try {
      end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException _) {
      // It goes on alone, and says itself what came of it.
    }
  }

  private void run(Task task) {
    try {
      insist(task);
    } catch (StoreFailure e) {
      LOG.warn("what was said is lost: {}: {}", task, e.toString(), e);
    } catch (InterruptedException | RuntimeException e) {
      // Only its kind: the text of a failure may quote what was said.
      LOG.error("what was said is lost: {}: {}", task, e.getClass().getName());
    } finally {
      tasks.remove(task);
      task.end.complete(null);
    }
  }

  /// @throws StoreFailure of the last attempt
  private void insist(Task task) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE.toNanos();
    boolean last = false;
    while (true) {
      try {
        task.sequel.append(task.items);
        return;
      } catch (StoreFailure e) {
        if (last) {
          throw e;
        }
        LOG.warn("what was said is not kept yet: {}: {}", task, e.toString());
      }
      long left = deadline - System.nanoTime();
      last = over.await(Math.min(pause, left), TimeUnit.NANOSECONDS) || left <= pause;
      pause = Math.min(pause * 2, LONGEST_PAUSE.toNanos());
    }
  }

  /// What is to be kept.
  private record Task(Sequel sequel, List<Item> items, CompletableFuture<@Nullable Void> end) {

    /// By its ids: logs do not quote what was said.
    @Override
    public String toString() {
      return items.stream().map(Item::id).toList() + " of " + sequel.thread().id();
    }
  }
}
