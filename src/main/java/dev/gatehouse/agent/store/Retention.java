package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes threads in which nothing was said for long, and files that were never sent: those after
/// a day, however long threads stay.
final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int THREADS_AT_A_TIME = 100;
  private static final Duration UNSENT = Duration.ofDays(1);

  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("retention").factory());
  private final Database database;
  private final Duration age;
  private final InstantSource clock;

  /// @param age of threads; zero is for ever
  Retention(Database database, Duration age, InstantSource clock) {
    this.database = database;
    this.age = age;
    this.clock = clock;
  }

  /// Deletes what is too old now, and again from time to time until this is closed.
  void start(Duration every) {
    sweep();
    var _ =
        clockwork.scheduleWithFixedDelay(
            this::sweep, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// The next sweep does what this one could not.
  private void sweep() {
    try {
      int threads = age.isZero() ? 0 : deleteThreads(clock.instant().minus(age));
      deleteUnsent(clock.instant().minus(UNSENT));
      database.erase();
      if (threads > 0) {
        LOG.info("{} conversations were older than {} and are deleted", threads, age);
      }
    } catch (StoreFailure e) {
      LOG.warn("old conversations could not be deleted: {}", e.toString(), e);
    } catch (RuntimeException | Error e) {
      LOG.error("old conversations could not be deleted: {}", e.getClass().getName());
    }
  }

  private int deleteThreads(Instant before) {
    int threads = 0;
    for (int some = deleteSome(before); some > 0; some = deleteSome(before)) {
      threads += some;
    }
    return threads;
  }

  private void deleteUnsent(Instant before) {
    database.write(session ->
        session.update(
            "DELETE FROM attachments WHERE thread_id IS NULL AND created_at < ?", before));
  }

  /// In small transactions: others want to write meanwhile.
  private int deleteSome(Instant before) {
    return database.write(session ->
        session.update(
            """
            DELETE FROM threads WHERE last_at < ? AND seq IN
              (SELECT seq FROM threads WHERE last_at < ? ORDER BY last_at LIMIT ?)\
            """,
            before,
            before,
            THREADS_AT_A_TIME));
  }

  /// Waits for a sweep that is under way.
  @Override
  public void close() {
    clockwork.close();
  }
}
