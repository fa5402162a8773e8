package dev.gatehouse.agent.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Lets each person do something only so many times at once.
public final class Turnstile {
  private final ConcurrentMap<String, Integer> inside = new ConcurrentHashMap<>();
  private final int most;
  private final String tooMany;

  /// @param most how many of one person may be inside
  /// @param tooMany what one is told who would be one more
  public Turnstile(int most, String tooMany) {
    this.most = most;
    this.tooMany = tooMany;
  }

  /// One more; has to leave again.
  ///
  /// @throws Refusal if this person is inside too often
  public void enter(String person) {
    if (inside.merge(person, 1, Integer::sum) > most) {
      leave(person);
      throw Refusal.tooMany(tooMany);
    }
  }

  public void leave(String person) {
    inside.computeIfPresent(person, (_, open) -> open == 1 ? null : open - 1);
  }
}
