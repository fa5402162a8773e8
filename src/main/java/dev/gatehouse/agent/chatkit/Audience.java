package dev.gatehouse.agent.chatkit;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The clients of all turns that are under way.
final class Audience {
  private final Set<Presence> present = ConcurrentHashMap.newKeySet();
  private volatile boolean over;

  /// One more; has left already if all were sent away.
  Presence enter() {
    Presence presence = new Presence();
    present.add(presence);
    if (over) {
      presence.leave();
    }
    return presence;
  }

  /// The turn of this client has ended.
  void exit(Presence presence) {
    present.remove(presence);
    presence.end();
  }

  /// Everybody leaves, and nobody comes any more.
  ///
  /// @param patience how long to wait until their turns have ended
  /// @return whether they have
  boolean dismiss(Duration patience) throws InterruptedException {
    over = true;
    present.forEach(Presence::leave);
    long deadline = System.nanoTime() + patience.toNanos();
    for (Presence presence : present) {
      if (!presence.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()))) {
        return false;
      }
    }
    return true;
  }
}
