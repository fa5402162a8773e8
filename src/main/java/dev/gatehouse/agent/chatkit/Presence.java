package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the client of a stream is still there, for those who have nothing to write to it.
final class Presence {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile boolean expelled;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();

  /// The client left. May be said more than once.
  void leave() {
    gone.countDown();
    for (Runnable action : actions) {
      run(action);
    }
  }

  /// What the client takes part in is no longer there: the same as if it had left, but it may still
  /// be told so.
  void expel() {
    expelled = true;
    leave();
  }

  /// Runs an action once, as soon as the client leaves, at once if it has.
  Reply.Registration onLeave(Runnable action) {
    actions.add(action);
    if (isGone()) {
      run(action);
    }
    return () -> actions.remove(action);
  }

  private void run(Runnable action) {
    if (actions.remove(action)) {
      try {
        action.run();
      } catch (RuntimeException e) {
        // The others have to be told all the same.
        LOG.warn("what was to be called off failed: {}", e.getClass().getName());
      }
    }
  }

  /// Nothing is done any more for this client.
  void end() {
    ended.countDown();
  }

  /// Waits until nothing is done for this client any more.
  ///
  /// @return whether that came in time
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean isGone() {
    return gone.getCount() == 0;
  }

  /// Whether it was sent away.
  boolean isExpelled() {
    return expelled;
  }

  void check() throws ClientLeft {
    if (isGone()) {
      throw left();
    }
  }

  /// What to throw because nobody is there.
  ClientLeft left() {
    return new ClientLeft(new IOException("the connection was closed"));
  }

  /// Waits, unless the client leaves.
  void rest(Duration duration) throws ClientLeft, InterruptedIOException {
    try {
      if (gone.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
        check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while answering");
    }
  }
}
