package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.http.Refusal;
import dev.gatehouse.agent.http.Turnstile;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The clients of all turns that are under way.
final class Audience {
  private final Set<Presence> present = ConcurrentHashMap.newKeySet();
  private final Turnstile turns;
  private volatile boolean over;

  /// @param mostPerPerson how many turns of one person may be under way
  Audience(int mostPerPerson) {
    turns =
        new Turnstile(
            mostPerPerson, "Too many of your questions are being answered: wait for one of them.");
  }

  /// One more; has left already if all were sent away.
  ///
  /// @throws Refusal if this person has too many turns under way
  Presence enter(String person) {
    turns.enter(person);
    Presence presence = new Presence();
    present.add(presence);
    if (over) {
      presence.leave();
    }
    return presence;
  }

  /// The turn of this client has ended.
  void exit(String person, Presence presence) {
    turns.leave(person);
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
