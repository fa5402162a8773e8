package dev.gatehouse.auth;

import dev.gatehouse.config.CookieKeyConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ring of cookie keys. Files are read again every few seconds while cookies come in; what
/// cannot be used leaves the ring as it was.
final class CookieKeys {
  static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(CookieKeys.class);

  private final List<CookieKeyConfig> configs;
  private final InstantSource clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile List<CookieKey> ring;
  private volatile Instant looked;
  private boolean broken;

  /// @throws IllegalArgumentException if a key cannot be used
  CookieKeys(List<CookieKeyConfig> configs, InstantSource clock) {
    this.configs = List.copyOf(configs);
    this.clock = clock;
    this.ring = read();
    this.looked = clock.instant();
  }

  /// The one that seals.
  CookieKey active() {
    return current().getFirst();
  }

  /// The one that a cookie names.
  Optional<CookieKey> named(String id) {
    return current().stream().filter(key -> key.id().equals(id)).findFirst();
  }

  // One looks, nobody waits.
  private List<CookieKey> current() {
    if (!clock.instant().isBefore(looked.plus(LOOK_EVERY)) && looking.tryLock()) {
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    return ring;
  }

  private void look() {
    looked = clock.instant();
    try {
      List<CookieKey> now = read();
      if (!now.equals(ring)) {
        log.info("cookie keys changed: {} in the ring", now.size());
      }
      ring = now;
      broken = false;
    } catch (IllegalArgumentException _) {
      if (!broken) {
        log.warn("a cookie key cannot be read any more: the keys stay as they were");
      }
      broken = true;
    }
  }

  private List<CookieKey> read() {
    return configs.stream().map(CookieKey::of).toList();
  }
}
