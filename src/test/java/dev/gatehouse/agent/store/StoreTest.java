package dev.gatehouse.agent.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.LogCapture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

final class StoreTest {
  private static final String PASSWORD = "kanarienvogel-password";

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @EnumSource
  void opensAgainWithWhatWasKept(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder);
    ChatThread thread = Samples.thread();
    Item item = Samples.question(thread);
    try (Store store = Store.open(settings)) {
      assertTrue(store.isReachable());
      store.threads().add(thread);
      store.threads().append(thread, item);
    }
    try (Store store = Store.open(settings)) {
      assertEquals(List.of(item), store.threads().history(thread, 10));
    }
  }

  @ParameterizedTest
  @EnumSource
  void opensInSilence(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder);
    try (LogCapture log = LogCapture.everything()) {
      Store.open(settings).close();
      assertEquals(List.of(), log.lines());
    }
  }

  @Test
  void closedStoreIsNotReachable() throws Exception {
    Store store = Store.open(Databases.SQLITE.fresh(folder));
    store.close();
    assertFalse(store.isReachable());
  }

  @Test
  void fileIsMadeWithItsFolderAndForItsOwnerOnly() throws Exception {
    Path file = folder.resolve("a").resolve("b").resolve("store.db");
    Store.open(sqlite(file.toString())).close();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  /// The words of a deleted conversation are in no file any more, free pages and log included.
  @Test
  void deletedConversationCannotBeReadFromTheFiles() throws Exception {
    try (Store store = Store.open(Databases.SQLITE.fresh(folder))) {
      ChatThread thread = Samples.thread();
      store.threads().add(thread.titled("kanarienvogel"));
      for (int i = 0; i < 50; i++) {
        store.threads().append(thread, Samples.answer(thread, "kanarienvogel".repeat(i)));
      }
      assertTrue(readable("kanarienvogel"));
      store.threads().delete(thread);
      Await.that("deleted is gone", () -> !readable("kanarienvogel"));
    }
  }

  @Test
  void answerThatIsReplacedCannotBeReadFromTheFiles() throws Exception {
    try (Store store = settled()) {
      ChatThread thread = Samples.thread();
      store.threads().add(thread);
      Item asked = Samples.question(thread);
      store.threads().append(thread, asked);
      store.threads().append(thread, Samples.answer(thread, "kanarienvogel"));
      assertTrue(readable("kanarienvogel"));
      store.threads().rewrite(thread, asked.id(), Optional.empty(), List.of());
      Await.that("the answer is gone", () -> !readable("kanarienvogel"));
    }
  }

  @Test
  void callThatIsDroppedCannotBeReadFromTheFiles() throws Exception {
    try (Store store = settled()) {
      ChatThread thread = Samples.thread();
      store.threads().add(thread);
      Item call =
          new Item.ClientToolCall(
              Ids.toolCall(),
              thread.id(),
              Samples.NOW,
              "call",
              "kanarienvogel",
              JsonNodeFactory.instance.objectNode(),
              Optional.empty());
      store.threads().append(thread, call);
      assertTrue(readable("kanarienvogel"));
      store.threads().ask(thread, Samples.question(thread), Optional.empty());
      Await.that("the call is gone", () -> !readable("kanarienvogel"));
    }
  }

  @Test
  void deletedAttachmentCannotBeReadFromTheFiles() throws Exception {
    try (Store store = settled()) {
      Attachment file =
          new Attachment("atc_1", "anna", "kanarienvogel", "text/plain", 1, Samples.NOW);
      store.attachments().save(file);
      assertTrue(readable("kanarienvogel"));
      store.attachments().delete("anna", "atc_1");
      Await.that("the note is gone", () -> !readable("kanarienvogel"));
    }
  }

  /// One that has erased what it erases when it opens.
  private Store settled() throws Exception {
    Store store = Store.open(Databases.SQLITE.fresh(folder));
    ChatThread thread = Samples.thread();
    store.threads().add(thread.titled("settling"));
    store.threads().delete(thread);
    Await.that("all is erased", () -> !readable("settling"));
    return store;
  }

  @Test
  void deletedConversationCannotBeReadOnceTheStoreIsClosed() throws Exception {
    StoreSettings settings = Databases.SQLITE.fresh(folder);
    try (Database beside = Database.open(settings)) { // else SQLite tidies up by itself
      try (Store store = Store.open(settings)) {
        ChatThread thread = Samples.thread();
        store.threads().add(thread.titled("kanarienvogel"));
        store.threads().delete(thread);
      }
      assertFalse(readable("kanarienvogel"));
      assertTrue(beside.isReachable());
    }
  }

  /// A backup may read for long.
  @Test
  void nobodyWaitsForWhatIsDeletedToBecomeUnreadable() throws Exception {
    StoreSettings settings = Databases.SQLITE.fresh(folder);
    try (Store store = Store.open(settings)) {
      ChatThread gone = Samples.thread();
      ChatThread thread = Samples.thread();
      store.threads().add(gone.titled("kanarienvogel"));
      store.threads().add(thread);
      try (Connection backup = Databases.connect(settings);
          Statement statement = backup.createStatement()) {
        statement.execute("BEGIN");
        statement.executeQuery("SELECT * FROM threads").close();
        for (int i = 0; i < 20; i++) {
          assertTimeout(
              Duration.ofSeconds(2),
              () -> {
                store.threads().append(thread, Samples.answer(thread, "life goes on"));
                store.threads().delete(gone);
              });
        }
        assertTrue(readable("kanarienvogel"));
        statement.execute("COMMIT");
      }
      Await.that("deleted is gone", () -> !readable("kanarienvogel"));
    }
  }

  private boolean readable(String word) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void everyConnectionToAFileIsDurableAndStrict() throws Exception {
    try (Database database = Database.open(Databases.SQLITE.fresh(folder))) {
      assertEquals("wal", pragma(database, "journal_mode"));
      assertEquals("2", pragma(database, "synchronous"));
      assertEquals("1", pragma(database, "foreign_keys"));
      assertEquals("1", pragma(database, "secure_delete"));
    }
  }

  private static String pragma(Database database, String name) {
    return database
        .read(session -> session.first("PRAGMA " + name, row -> row.getString(1)))
        .orElseThrow();
  }

  @Test
  void poolIsFullOnceTheStoreIsOpen() throws Exception {
    StoreSettings settings = Databases.POSTGRESQL.fresh(folder);
    try (Store _ = Store.open(settings);
        Connection connection = Databases.connect(settings);
        Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = 'gatehouse-agent'\
                """)) {
      count.next();
      assertEquals(10, count.getInt(1));
    }
  }

  @Test
  void unreachableDatabaseIsToldWithoutThePassword() {
    StoreSettings settings =
        new StoreSettings(
            "jdbc:postgresql://127.0.0.1:1/agent",
            Optional.of("gatehouse"),
            Optional.of(PASSWORD),
            Duration.ZERO);
    try (LogCapture log = LogCapture.everything()) {
      IOException refused = assertThrows(IOException.class, () -> Store.open(settings));
      StringWriter trace = new StringWriter();
      refused.printStackTrace(new PrintWriter(trace));
      assertTrue(trace.toString().contains("127.0.0.1:1"));
      assertFalse(trace.toString().contains(PASSWORD));
      assertFalse(log.lines().toString().contains(PASSWORD));
    }
    assertFalse(settings.toString().contains(PASSWORD));
  }

  @Test
  void passwordBelongsIntoItsOwnSetting() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> at("jdbc:postgresql://db/agent?user=a&passWord=" + PASSWORD));
    assertFalse(String.valueOf(refused.getMessage()).contains(PASSWORD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:file:x?mode=memory",
        "jdbc:mysql://db/agent",
        "agent.db"
      })
  void onlyFilesAndPostgresqlAreTaken(String url) {
    assertThrows(IllegalArgumentException.class, () -> at(url));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:postgresql://db:abc/agent", "jdbc:postgresql://127.0.0.1:1/x"})
  void addressThatLeadsNowhereIsAnIoException(String url) {
    assertThrows(IOException.class, () -> Store.open(at(url)));
  }

  @Test
  void fileThatIsNoDatabaseIsAnIoException() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "no database at all. ".repeat(99));
    assertThrows(IOException.class, () -> Store.open(sqlite(file.toString())));
  }

  private static StoreSettings sqlite(String file) {
    return at("jdbc:sqlite:" + file);
  }

  private static StoreSettings at(String url) {
    return new StoreSettings(url, Optional.empty(), Optional.empty(), Duration.ZERO);
  }
}
