package dev.gatehouse.auth;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
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

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  private final IssuerEndpoints issuer;
  private final InstantSource clock;
  private final Consumer<RefreshResult> listener;
  private final ReentrantLock fetching = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Fetched latest;
  private volatile Instant lastAttempt = Instant.MIN;
  private Instant lastDemand = Instant.MIN;

  SigningKeys(IssuerEndpoints issuer, InstantSource clock, Consumer<RefreshResult> listener) {
    this.issuer = issuer;
    this.clock = clock;
    this.listener = listener;
  }

  /// Starts fetching and returns at once, whether or not the issuer answers.
  ///
  /// @param listener told how each attempt ended
  public static SigningKeys open(
      AuthConfig config, InstantSource clock, Consumer<RefreshResult> listener) {
    SigningKeys keys =
        new SigningKeys(new IssuerEndpoints(config, ANSWER_TIMEOUT), clock, listener);
    Thread.ofVirtual().name("signing-keys").start(keys::keepFresh);
    return keys;
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
      throw Problem.of(
              ProblemCode.KEYS_UNAVAILABLE,
              "The sign-in service cannot be reached at the moment; try again shortly.")
          .with("Retry-After", "5")
          .exception();
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
      if (meanwhile.holds(header.keyId().get()) || isWithin(BETWEEN_DEMANDS, lastDemand)) {
        return meanwhile;
      }
      lastDemand = clock.instant();
      refresh();
      return current();
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
          pauseAfter(failures, latest != null).toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
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
      latest = new Fetched(keys, clock.instant());
      if (before == null || !before.keys().equals(keys)) {
        log.info("signing keys changed: {} usable", keys.keys().size());
      }
      return RefreshResult.LOADED;
    } catch (KeyFetchException e) {
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

  private static String causeOf(KeyFetchException e) {
    Throwable cause = e.getCause();
    return cause == null ? "answer" : cause.getClass().getSimpleName();
  }

  private boolean isWithin(Duration limit, Instant since) {
    return clock.instant().minus(limit).isBefore(since);
  }

  private record Fetched(KeySet keys, Instant at) {}
}
