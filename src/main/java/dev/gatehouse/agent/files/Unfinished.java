package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Uploads.UnwelcomeFile;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The files that were announced and have not come, so that nobody announces without end. Forgotten
/// with a restart, and once the address for the upload holds no longer.
final class Unfinished {
  /// Of one person; ChatKit's client sends ten with a message.
  static final int MOST = 100;

  private final ConcurrentHashMap<String, Map<String, Instant>> announced =
      new ConcurrentHashMap<>();

  /// @throws UnwelcomeFile if this person has announced too many
  void add(String owner, String id, Instant now) {
    announced.compute(
        owner,
        (_, known) -> {
          Map<String, Instant> open = known == null ? new ConcurrentHashMap<>() : known;
          dropOld(open, now);
          if (open.size() >= MOST) {
            throw new UnwelcomeFile("Too many uploads were begun and not finished.");
          }
          open.put(id, now);
          return open;
        });
  }

  void remove(String owner, String id) {
    announced.computeIfPresent(
        owner,
        (_, open) -> {
          open.remove(id);
          return orNothing(open);
        });
  }

  void forgetOld(Instant now) {
    for (String owner : announced.keySet()) {
      announced.computeIfPresent(
          owner,
          (_, open) -> {
            dropOld(open, now);
            return orNothing(open);
          });
    }
  }

  private static void dropOld(Map<String, Instant> open, Instant now) {
    open.values().removeIf(at -> !at.plus(Addresses.UPLOAD).isAfter(now));
  }

  private static @Nullable Map<String, Instant> orNothing(Map<String, Instant> open) {
    return open.isEmpty() ? null : open;
  }
}
