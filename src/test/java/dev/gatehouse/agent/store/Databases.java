package dev.gatehouse.agent.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// The databases in which conversations can be kept. Of each there are as many as tests want.
public enum Databases {
  SQLITE {
    @Override
    StoreSettings fresh(Path folder, Duration retention) {
      String url = "jdbc:sqlite:" + folder.resolve(name("store") + ".db");
      return new StoreSettings(url, Optional.empty(), Optional.empty(), retention);
    }
  },
  POSTGRESQL {
    // A schema of its own in the one server, which is started by whoever asks first.
    @Override
    StoreSettings fresh(Path folder, Duration retention) throws SQLException {
      String server = "jdbc:postgresql://127.0.0.1:" + Server.ONLY.getPort() + "/postgres";
      String schema = name("store");
      try (Connection connection = DriverManager.getConnection(server, "postgres", "");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE SCHEMA " + schema);
      }
      return new StoreSettings(
          server + "?currentSchema=" + schema,
          Optional.of("postgres"),
          Optional.empty(),
          retention);
    }
  };

  /// A database that nobody has used before.
  ///
  /// @param folder where it may have its files
  abstract StoreSettings fresh(Path folder, Duration retention) throws SQLException;

  /// One that keeps everything for ever.
  public StoreSettings fresh(Path folder) throws SQLException {
    return fresh(folder, Duration.ZERO);
  }

  /// A connection of somebody who looks behind the store.
  public static Connection connect(StoreSettings settings) throws SQLException {
    return DriverManager.getConnection(settings.url(), settings.user().orElse(""), "");
  }

  /// A new name that is good for everything.
  static String name(String prefix) {
    return prefix + "_" + UUID.randomUUID().toString().replace("-", "");
  }

  private static final class Server {
    private static final int ATTEMPTS = 3;
    static final EmbeddedPostgres ONLY = start();

    /// It ends with the Java that started it. Between the choice of a free port and its use another
    /// test may take it; then it is tried again with another.
    private static EmbeddedPostgres start() {
      IOException failure = new IOException("PostgreSQL was never tried");
      for (int i = 0; i < ATTEMPTS; i++) {
        try {
          return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(20)).start();
        } catch (IOException e) {
          failure = e;
        }
      }
      throw new UncheckedIOException(failure);
    }
  }
}
