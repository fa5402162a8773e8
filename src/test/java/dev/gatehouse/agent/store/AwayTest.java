package dev.gatehouse.agent.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.StoreFailure;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Fault;
import dev.gatehouse.testing.FaultProxy;
import dev.gatehouse.testing.FaultProxy.Faults;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The database goes away and comes back.
final class AwayTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Faults REFUSED = new Faults(Fault.resetAfter(0), Fault.resetAfter(0));
  private static final Faults SILENT = new Faults(Fault.stallAfter(0), Fault.stallAfter(0));

  @TempDir private Path folder = Path.of("");

  @Test
  void serverThatRefusesIsAFailureUntilItIsBack() throws Exception {
    goneAndBack(REFUSED);
  }

  @Test
  void serverThatSaysNothingIsAFailureUntilItIsBack() throws Exception {
    goneAndBack(SILENT);
  }

  private void goneAndBack(Faults gone) throws Exception {
    StoreSettings direct = Databases.POSTGRESQL.fresh(folder);
    URI server = URI.create(direct.url().substring("jdbc:".length()));
    AtomicReference<Faults> line = new AtomicReference<>(Faults.NONE);
    try (FaultProxy proxy = FaultProxy.before(server, _ -> line.get());
        Store store = Store.open(through(proxy, server, direct))) {
      ChatThread thread = Samples.thread();
      store.threads().add(thread);
      Item before = append(store, thread, "before");
      line.set(gone);
      proxy.drop();
      assertEverythingFailsSoon(store, thread);
      line.set(Faults.NONE);
      proxy.drop();
      Await.that("the database is back", store::isReachable);
      Item after = append(store, thread, "after");
      assertEquals(List.of(before, after), store.threads().history(thread, 10));
    }
  }

  private static StoreSettings through(FaultProxy proxy, URI server, StoreSettings direct) {
    String url =
        "jdbc:postgresql://127.0.0.1:%d%s?%s"
            .formatted(proxy.uri().getPort(), server.getPath(), server.getQuery());
    return new StoreSettings(url, direct.user(), direct.password(), direct.retention());
  }

  private static void assertEverythingFailsSoon(Store store, ChatThread thread) {
    Threads threads = store.threads();
    assertTimeout(
        SOON,
        () -> {
          assertThrows(StoreFailure.class, () -> append(store, thread, "lost"));
          assertThrows(StoreFailure.class, () -> threads.history(thread, 10));
          assertFalse(store.isReachable());
        });
  }

  /// A connection that breaks in the middle of a transaction leaves nothing of it.
  @Test
  void nothingIsKeptOfATransactionThatWasCutOff() throws Exception {
    StoreSettings direct = Databases.POSTGRESQL.fresh(folder);
    URI server = URI.create(direct.url().substring("jdbc:".length()));
    try (FaultProxy proxy = FaultProxy.before(server, _ -> Faults.NONE);
        Database database = Database.open(through(proxy, server, direct))) {
      ChatThread thread = Samples.thread();
      SqlThreads threads = new SqlThreads(database);
      threads.add(thread);
      assertThrows(
          StoreFailure.class,
          () ->
              database.write(session -> {
                session.update("UPDATE threads SET title = 'half'");
                proxy.drop();
                return session.update("UPDATE threads SET reason = 'half'");
              }));
      Await.that(
          "the database is back",
          () -> database.isReachable() && threads.find(thread.owner(), thread.id()).isPresent());
      assertEquals(Optional.of(thread), threads.find(thread.owner(), thread.id()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsKeptOfATransactionThatFailed(Databases kind) throws Exception {
    try (Database database = Database.open(kind.fresh(folder))) {
      ChatThread thread = Samples.thread();
      SqlThreads threads = new SqlThreads(database);
      threads.add(thread);
      assertThrows(
          StoreFailure.class,
          () ->
              database.write(session -> {
                session.update("UPDATE threads SET title = 'half'");
                return session.update("UPDATE nothing SET title = 'half'");
              }));
      assertThrows(
          IllegalStateException.class,
          () ->
              database.write(session -> {
                session.update("UPDATE threads SET title = 'half'");
                throw new IllegalStateException("a bug");
              }));
      assertEquals(Optional.of(thread), threads.find(thread.owner(), thread.id()));
      threads.rename(thread, "whole");
    }
  }

  /// As a backup or an administrator's shell would.
  @Test
  void lockedFileIsAFailureUntilItIsFree() throws Exception {
    StoreSettings settings = Databases.SQLITE.fresh(folder);
    try (Store store = Store.open(settings)) {
      ChatThread thread = Samples.thread();
      store.threads().add(thread);
      Item before = append(store, thread, "before");
      try (Connection other = Databases.connect(settings);
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        assertTimeout(
            SOON, () -> assertThrows(StoreFailure.class, () -> append(store, thread, "lost")));
        assertEquals(List.of(before), store.threads().history(thread, 10));
        assertTrue(store.isReachable());
        statement.execute("ROLLBACK");
      }
      Item after = append(store, thread, "after");
      assertEquals(List.of(before, after), store.threads().history(thread, 10));
    }
  }

  private static Item append(Store store, ChatThread thread, String text) {
    Item item = Samples.answer(thread, text);
    store.threads().append(thread, item);
    return item;
  }
}
