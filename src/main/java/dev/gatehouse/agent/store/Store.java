package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.Threads;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/// A database, open and migrated.
public final class Store implements AutoCloseable {
  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

  private final Database database;
  private final Retention retention;

  private Store(Database database, Retention retention) {
    this.database = database;
    this.retention = retention;
  }

  /// Returns once all connections were tried, and what is too old was deleted.
  ///
  /// @throws IOException if it cannot be opened or migrated
  public static Store open(StoreSettings settings) throws IOException {
    Database database = Database.open(settings);
    Retention retention = new Retention(database, settings.retention(), InstantSource.system());
    retention.start(BETWEEN_SWEEPS);
    return new Store(database, retention);
  }

  public Threads threads() {
    return new SqlThreads(database);
  }

  public Attachments attachments() {
    return new SqlAttachments(database);
  }

  /// Whether the database answers; known after a few seconds at most.
  public boolean isReachable() {
    return database.isReachable();
  }

  @Override
  public void close() {
    retention.close();
    database.close();
  }
}
