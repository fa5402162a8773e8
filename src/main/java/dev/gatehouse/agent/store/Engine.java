package dev.gatehouse.agent.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What differs between the databases, besides their migrations.
///
/// @param migrations where the class path has them
/// @param connections how many are open
/// @param writers how many transactions may write at a time
/// @param begin what begins a transaction that will write
/// @param properties of the JDBC driver
/// @param hasLog whether deleted rows stay readable in a log until it is truncated
record Engine(
    String migrations,
    int connections,
    int writers,
    String begin,
    Map<String, String> properties,
    boolean hasLog) {
  /// How many milliseconds SQLite waits for whoever is not of this process.
  static final int BUSY_TIMEOUT = 3_000;

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";

  /// @throws IllegalArgumentException if it is an address of another kind of database
  static Engine of(String url) {
    if (url.startsWith(POSTGRESQL)) {
      return postgresql();
    }
    if (file(url).isPresent()) {
      return sqlite();
    }
    throw new IllegalArgumentException("url must be jdbc:sqlite:FILE or jdbc:postgresql://...");
  }

  /// The file of a SQLite database. One in memory has none: each connection would have its own.
  static Optional<Path> file(String url) {
    String file = url.startsWith(SQLITE) ? url.substring(SQLITE.length()) : "";
    boolean special = file.isEmpty() || file.startsWith(":") || file.startsWith("file:");
    return special ? Optional.empty() : Optional.of(Path.of(file.split("\\?", 2)[0]));
  }

  /// One writer at a time is all that SQLite allows. To queue for it here costs a virtual thread;
  /// to queue in the driver, which sleeps in native code, would cost its carrier.
  private static Engine sqlite() {
    return new Engine(
        "classpath:db/migration/sqlite",
        4,
        1,
        "BEGIN IMMEDIATE",
        Map.of(
            "journal_mode", "WAL",
            // With NORMAL a power cut could take back what was announced.
            "synchronous", "FULL",
            "foreign_keys", "true",
            "busy_timeout", String.valueOf(BUSY_TIMEOUT),
            "secure_delete", "true"),
        true);
  }

  private static Engine postgresql() {
    return new Engine(
        "classpath:db/migration/postgresql",
        10,
        10,
        "BEGIN",
        Map.of(
            "ApplicationName", "gatehouse-agent",
            "connectTimeout", "3",
            "loginTimeout", "3",
            "socketTimeout", "10",
            // The details of an error quote values.
            "logServerErrorDetail", "false",
            "tcpKeepAlive", "true"),
        false);
  }
}
