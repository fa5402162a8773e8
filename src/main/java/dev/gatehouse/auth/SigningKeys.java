package dev.gatehouse.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The issuer's signing keys, fetched in the background and ahead of need. They outlive an outage
/// of the issuer for four hours, while a key the issuer took back is forgotten within five minutes.
public final class SigningKeys implements AutoCloseable {
  static final Duration REFRESH_EVERY = Duration.ofMinutes(4);
  static final Duration RETRY_EVERY = Duration.ofSeconds(30);
  static final Duration BETWEEN_DEMANDS = Duration.ofSeconds(30);
  static final Duration VOUCHED_FOR = Duration.ofMinutes(5);
  static final Duration OUTAGE = Duration.ofHours(4);
  static final Duration ABSENT_FOR = Duration.ofMinutes(1);

  private static final int MOST_ABSENT = 1_000;
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  private final KeySource issuer;
  private final InstantSource clock;
  private final Consumer<RefreshResult> listener;
  private final Cache<String, Instant> absent =
      Caffeine.newBuilder().maximumSize(MOST_ABSENT).build();
  private final ReentrantLock fetching = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Fetched latest;
  private volatile Instant lastAttempt = Instant.MIN;
  private Instant lastDemand = Instant.MIN;

  SigningKeys(KeySource issuer, InstantSource clock, Consumer<RefreshResult> listener) {
    this.issuer = issuer;
    this.clock = clock;
    this.listener = listener;
  }

  /// Starts fetching and returns at once, whether or not the issuer answers.
  ///
  /// @param listener told how each attempt ended
  public static SigningKeys open(
      IssuerConfig config, InstantSource clock, Consumer<RefreshResult> listener) {
    SigningKeys keys = new SigningKeys(source(config), clock, listener);
    Thread.ofVirtual().name("signing-keys").start(keys::keepFresh);
    return keys;
  }

  private static KeySource source(IssuerConfig config) {
    return config
        .jwksUri()
        .filter(uri -> "file".equalsIgnoreCase(uri.getScheme()))
        .<KeySource>map(uri -> new KeyFile(Path.of(uri)))
        .orElseGet(() -> new IssuerEndpoints(config, ANSWER_TIMEOUT));
  }

  /// Whether tokens can be verified now.
  public boolean ready() {
    Fetched fetched = latest;
    return fetched != null && isWithin(OUTAGE, fetched.at());
  }

  /// The keys as far as they are known.
  ///
  /// @throws dev.gatehouse.http.ProblemException with [ProblemCode#KEYS_UNAVAILABLE] if there are
  ///   none, or none fresh enough to be trusted
  KeySet current() {
    Fetched fetched = latest;
    if (fetched != null && !isWithin(VOUCHED_FOR, lastAttempt)) {
      catchUp();
      fetched = latest;
    }
    if (fetched == null || !isWithin(OUTAGE, fetched.at())) {
      throw unavailable();
    }
    return fetched.keys();
  }

  /// The keys, asked for anew if they lack the one this header names. Whoever misses a key while it
  /// is being fetched waits for that fetch; nobody else waits.
  KeySet forHeader(TokenHeader header) {
    KeySet known = current();
    if (header.keyId().isEmpty() || known.holds(header.keyId().get())) {
      return known;
    }
    fetching.lock();
    try {
      KeySet meanwhile = current();
      String keyId = header.keyId().get();
      if (meanwhile.holds(keyId) || isWithin(BETWEEN_DEMANDS, lastDemand) || isAbsent(keyId)) {
        return meanwhile;
      }
      lastDemand = clock.instant();
      boolean asked = refresh() == RefreshResult.LOADED;
      KeySet fresh = current();
      if (asked && !fresh.holds(keyId)) {
        absent.put(keyId, clock.instant());
      }
      return fresh;
    } finally {
      fetching.unlock();
    }
  }

  /// Fetches the keys once; on failure the ones that are known stay.
  RefreshResult refresh() {
    fetching.lock();
    try {
      RefreshResult result = fetch();
      lastAttempt = clock.instant();
      listener.accept(result);
      return result;
    } finally {
      fetching.unlock();
    }
  }

  /// The answer where nobody can tell: never a 401, which would send every user to sign in.
  static ProblemException unavailable() {
    return Problem.of(
            ProblemCode.KEYS_UNAVAILABLE,
            "The sign-in service cannot be reached at the moment; try again shortly.")
        .with("Retry-After", "5")
        .exception();
  }

  @Override
  public void close() {
    closed.countDown();
    issuer.close();
  }

  /// How long to wait after an attempt.
  ///
  /// @param failures attempts that failed since the last success
  /// @param everLoaded whether any attempt ever succeeded
  static Duration pauseAfter(int failures, boolean everLoaded) {
    if (failures == 0) {
      return REFRESH_EVERY;
    }
    return everLoaded || failures > 5 ? RETRY_EVERY : Duration.ofSeconds(1L << (failures - 1));
  }

  private void keepFresh() {
    int failures = 0;
    try {
      do {
        failures = refresh() == RefreshResult.LOADED ? 0 : failures + 1;
      } while (!closed.await(
          shorter(pauseAfter(failures, latest != null), issuer.patience()).toMillis(),
          TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  // One token of an old key must not use up the fetch that another needs for a new one.
  private boolean isAbsent(String keyId) {
    Instant since = absent.getIfPresent(keyId);
    return since != null && isWithin(ABSENT_FOR, since);
  }

  // The background runs late when the machine was asleep: then a removed key might still be here.
  private void catchUp() {
    fetching.lock();
    try {
      if (!isWithin(VOUCHED_FOR, lastAttempt)) {
        refresh();
      }
    } finally {
      fetching.unlock();
    }
  }

  private RefreshResult fetch() {
    try {
      KeySet keys = issuer.fetch();
      Fetched before = latest;
      if (before != null && before.keys().equals(keys)) {
        // The same object, so that what was verified by it is seen to be so at once.
        keys = before.keys();
      } else {
        log.info("signing keys changed: {} usable", keys.keys().size());
      }
      latest = new Fetched(keys, clock.instant());
      return RefreshResult.LOADED;
    } catch (IssuerException e) {
      if (closed.getCount() > 0) {
        log.warn("signing keys could not be refreshed: {} ({})", e.result().text(), causeOf(e));
      }
      return e.result();
    } catch (RuntimeException e) {
      // Nothing an issuer answers may end the background thread.
      log.error("signing keys could not be read ({})", e.getClass().getSimpleName());
      return RefreshResult.MALFORMED;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String causeOf(IssuerException e) {
    Throwable cause = e.getCause();
    return cause == null ? "answer" : cause.getClass().getSimpleName();
  }

  private boolean isWithin(Duration limit, Instant since) {
    return clock.instant().minus(limit).isBefore(since);
  }

  private record Fetched(KeySet keys, Instant at) {}
}
