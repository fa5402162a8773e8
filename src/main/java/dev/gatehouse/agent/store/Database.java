package dev.gatehouse.agent.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.agent.chat.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// A pool of connections to a database that is up to date, and the one place where a transaction
/// begins and ends.
final class Database implements AutoCloseable {
  private static final String PROBE = "SELECT count(*) FROM flyway_schema_history";
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// For the turn to write. Long, because whoever waits gets on: the others are at it.
  private static final Duration QUEUE = Duration.ofSeconds(30);

  private static final int PROBE_SECONDS = 2;
  private static final String TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)";

  private final HikariDataSource pool;
  private final Engine engine;
  private final Semaphore writers;
  private final Eraser eraser = new Eraser(this::erased);

  private Database(HikariDataSource pool, Engine engine) {
    this.pool = pool;
    this.engine = engine;
    this.writers = new Semaphore(engine.writers(), true);
  }

  /// What is done with a connection.
  @FunctionalInterface
  interface Work<T> {
    T in(Session session) throws SQLException;
  }

  /// What is done when it is its turn.
  @FunctionalInterface
  private interface Writing<T> {
    T done() throws SQLException;
  }

  /// Migrates, then opens all connections and tries each.
  ///
  /// @throws IOException if the database cannot be reached or migrated
  static Database open(StoreSettings settings) throws IOException {
    Engine engine = Engine.of(settings.url());
    Optional<Path> file = Engine.file(settings.url());
    if (file.isPresent()) {
      make(file.get());
    }
    migrate(settings, engine);
    HikariDataSource pool = pool(settings, engine);
    try {
      warm(pool);
      return new Database(pool, engine);
    } catch (SQLException e) {
      pool.close();
      throw new IOException("the database does not answer: " + settings, e);
    }
  }

  /// Nobody else on the machine can read what people say.
  private static void make(Path file) throws IOException {
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    if (Files.notExists(file)) {
      boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
      FileAttribute<?>[] own = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
      };
      Files.createFile(file, posix ? own : new FileAttribute<?>[0]);
    }
  }

  /// On a connection of its own, before there is a pool: none of its connections is older than the
  /// tables.
  private static void migrate(StoreSettings settings, Engine engine) throws IOException {
    try {
      Flyway.configure(Database.class.getClassLoader())
          .dataSource(
              settings.url(), settings.user().orElse(null), settings.password().orElse(null))
          .jdbcProperties(engine.properties())
          .locations(engine.migrations())
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new IOException("the database cannot be prepared: " + settings, e);
    }
  }

  private static HikariDataSource pool(StoreSettings settings, Engine engine) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("store");
    config.setJdbcUrl(settings.url());
    settings.user().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    engine.properties().forEach(config::addDataSourceProperty);
    config.setMaximumPoolSize(engine.connections());
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setValidationTimeout(TimeUnit.SECONDS.toMillis(PROBE_SECONDS));
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new IOException("the database cannot be reached: " + settings, e);
    }
  }

  /// All at once, so that each of them is another one.
  private static void warm(HikariDataSource pool) throws SQLException {
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
        Connection connection = pool.getConnection();
        connections.add(connection);
        if (!connection.isValid(PROBE_SECONDS)) {
          throw new SQLException("a new connection does not answer");
        }
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  /// Runs statements that only read; each sees what was committed before it.
  <T> T read(Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      return work.in(new Session(connection));
    } catch (SQLException e) {
      throw new StoreFailure(e);
    }
  }

  /// Runs statements that are done all or not at all.
  <T> T write(Work<T> work) {
    try {
      return inTurn(() -> {
        try (Connection connection = pool.getConnection()) {
          return transaction(connection, work);
        }
      });
    } catch (SQLException e) {
      throw new StoreFailure(e);
    }
  }

  /// In SQL, because SQLite's driver begins the next transaction together with each commit, and
  /// believes in one that could not begin.
  private <T> T transaction(Connection connection, Work<T> work) throws SQLException {
    Session session = new Session(connection);
    boolean committed = false;
    try {
      session.update(engine.begin());
      T result = work.in(session);
      session.update("COMMIT");
      committed = true;
      return result;
    } finally {
      if (!committed) {
        pool.evictConnection(connection); // with what it did
      }
    }
  }

  /// Makes deleted rows unreadable in the files of the database as well: within seconds, or once
  /// nobody reads any more what was there before.
  void erase() {
    if (engine.hasLog()) {
      eraser.call();
    }
  }

  /// Most of it while others write, and the rest without waiting for anybody who reads.
  private boolean erased() {
    return read(session -> {
      session.first("PRAGMA wal_checkpoint(PASSIVE)", _ -> true);
      session.first("PRAGMA busy_timeout = 0", _ -> true);
      try {
        return inTurn(() -> session.first(TRUNCATE, row -> row.getInt("busy") == 0)).orElse(false);
      } finally {
        session.first("PRAGMA busy_timeout = " + Engine.BUSY_TIMEOUT, _ -> true);
      }
    });
  }

  private <T> T inTurn(Writing<T> writing) throws SQLException {
    try {
      if (!writers.tryAcquire(QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SQLException("too many wait to write");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailure(e);
    }
    try {
      return writing.done();
    } finally {
      writers.release();
    }
  }

  /// Takes a few seconds at most.
  boolean isReachable() {
    try (Connection connection = pool.getConnection()) {
      return connection.isValid(PROBE_SECONDS)
          && new Session(connection).first(PROBE, _ -> true).isPresent();
    } catch (SQLException _) {
      return false;
    }
  }

  @Override
  public void close() {
    eraser.close();
    pool.close();
  }
}
