package dev.gatehouse.agent.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Threads.Rating;
import dev.gatehouse.testing.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RetentionTest {
  private static final Duration AGE = Duration.ofDays(30);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final List<String> TABLES = List.of("threads", "items", "feedback", "attachments");

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @EnumSource
  void deletedThreadLeavesNoRow(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder);
    try (Store store = Store.open(settings)) {
      ChatThread thread = full(store, Samples.NOW);
      for (String table : TABLES) {
        assertTrue(rows(settings, table) > 0, table);
      }
      store.threads().delete(thread);
      assertEmpty(settings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oldThreadsGoWithAllTheirRowsWhenTheStoreOpens(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder, AGE);
    try (Store store = Store.open(settings)) {
      full(store, Instant.now().minus(AGE).minusSeconds(60));
    }
    Store.open(settings).close();
    assertEmpty(settings);
  }

  @ParameterizedTest
  @EnumSource
  void threadIsAsOldAsItsLastItem(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder, AGE);
    Instant old = Instant.now().minus(AGE).minusSeconds(60);
    try (Store store = Store.open(settings)) {
      ChatThread alive = full(store, old);
      ChatThread old2 = full(store, old);
      store.threads().append(alive, answer(alive, Instant.now().minus(AGE).plusSeconds(600)));
      store.threads().append(alive, answer(alive, old));
      store.threads().rename(alive, "a name does not make it younger or older");
      Store.open(settings).close();
      assertTrue(store.threads().find(alive.owner(), alive.id()).isPresent());
      assertEquals(1, store.attachments().ids().size());
      assertEquals(Optional.empty(), store.threads().find(old2.owner(), old2.id()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesThatWereNeverSentGoAfterADayHoweverLongThreadsStay(Databases kind) throws Exception {
    for (Duration age : List.of(Duration.ZERO, Duration.ofHours(1), AGE)) {
      StoreSettings settings = kind.fresh(folder, age);
      try (Store store = Store.open(settings)) {
        Attachment young = attachment(Instant.now().minus(Duration.ofHours(23)));
        store.attachments().save(young);
        store.attachments().save(attachment(Instant.now().minus(Duration.ofHours(25))));
        Store.open(settings).close();
        assertEquals(List.of(young.id()), store.attachments().ids(), age::toString);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesThatWereNeverSentGoWhileTheStoreIsOpen(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder);
    AtomicReference<Instant> now = new AtomicReference<>(Samples.NOW);
    try (Store store = Store.open(settings);
        Database database = Database.open(settings);
        Retention retention = new Retention(database, Duration.ZERO, now::get)) {
      ChatThread thread = full(store, Samples.NOW);
      store.attachments().save(attachment(Samples.NOW));
      retention.start(Duration.ofMillis(20));
      now.set(Samples.NOW.plus(Duration.ofDays(1)).plusMillis(1));
      Await.that("what was never sent is gone", () -> rows(settings, "attachments") == 1);
      assertEquals(1, store.threads().delete(thread).size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void zeroKeepsForEver(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder, Duration.ZERO);
    try (Store store = Store.open(settings)) {
      ChatThread thread = full(store, Instant.EPOCH);
      Store.open(settings).close();
      assertTrue(store.threads().find(thread.owner(), thread.id()).isPresent());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sweepsGoOnAfterTheFirst(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder);
    AtomicReference<Instant> now = new AtomicReference<>(Samples.NOW);
    try (Store store = Store.open(settings);
        Database database = Database.open(settings);
        Retention retention = new Retention(database, AGE, now::get)) {
      retention.start(Duration.ofMillis(20));
      for (int i = 0; i < 120; i++) { // more than one transaction takes
        store.threads().add(Samples.thread());
      }
      assertEquals(120, rows(settings, "threads"));
      now.set(Samples.NOW.plus(AGE).plusMillis(1));
      Await.that("old threads are gone", () -> rows(settings, "threads") == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsTooOldBeforeItsTime(Databases kind) throws Exception {
    StoreSettings settings = kind.fresh(folder);
    try (Store store = Store.open(settings);
        Database database = Database.open(settings);
        Retention retention = new Retention(database, AGE, () -> Samples.NOW.plus(AGE))) {
      full(store, Samples.NOW);
      retention.start(NEVER);
      assertEquals(1, rows(settings, "threads"));
      assertEquals(1, rows(settings, "attachments"));
    }
  }

  @Test
  void sweepThatFailsInAnyWayIsNotTheLast() throws Exception {
    StoreSettings settings = Databases.SQLITE.fresh(folder);
    AtomicInteger sweeps = new AtomicInteger();
    InstantSource failing =
        () ->
            switch (sweeps.incrementAndGet()) {
              case 1 -> throw new IllegalStateException("at the start");
              case 2 -> throw new StackOverflowError();
              default -> Samples.NOW.plus(AGE).plusMillis(1);
            };
    try (Store store = Store.open(settings);
        Database database = Database.open(settings);
        Retention retention = new Retention(database, AGE, failing)) {
      full(store, Samples.NOW);
      retention.start(Duration.ofMillis(20));
      Await.that("old threads are gone", () -> rows(settings, "threads") == 0);
    }
  }

  /// A thread that has rows in all tables.
  private static ChatThread full(Store store, Instant at) {
    ChatThread thread = ChatThread.begun(Ids.thread(), Databases.name("person"), at);
    Attachment file = Samples.attachment(thread.owner());
    store.threads().add(thread);
    store.attachments().save(file);
    Item item =
        new Item.UserMessage(
            Ids.message(), thread.id(), at, Samples.question(thread).input(), List.of(file));
    store.threads().append(thread, item);
    store.threads().rate(thread, List.of(item.id()), Rating.NEGATIVE, at);
    return thread;
  }

  private static Item answer(ChatThread thread, Instant at) {
    return new Item.AssistantMessage(Ids.message(), thread.id(), at, "an answer");
  }

  private static Attachment attachment(Instant at) {
    return new Attachment(Ids.attachment(), "anna", "plan.png", "image/png", 1, at);
  }

  private static void assertEmpty(StoreSettings settings) throws SQLException {
    for (String table : TABLES) {
      assertEquals(0, rows(settings, table), table);
    }
  }

  private static int rows(StoreSettings settings, String table) throws SQLException {
    try (Connection connection = Databases.connect(settings);
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
      count.next();
      return count.getInt(1);
    }
  }
}
