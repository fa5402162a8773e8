package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Page;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.agent.chat.Threads;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Threads in tables. No statement is without the owner.
final class SqlThreads implements Threads {
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  /// Items in an order; without their content from where there is no room for it any more. Nothing
  /// of them is read but their length until that is known.
  private static final String PART =
      """
      SELECT CASE WHEN ahead < ? THEN json END AS json FROM items JOIN (
        SELECT seq AS place, SUM(length) OVER (ORDER BY %2$s) - length AS ahead FROM (
          SELECT seq, octet_length(json) AS length FROM items
          WHERE owner = ? AND thread_id = ? AND %1$s ORDER BY %2$s LIMIT ?
        ) AS measured
      ) AS placed ON seq = place ORDER BY %2$s\
      """;

  private final Database database;

  SqlThreads(Database database) {
    this.database = database;
  }

  @Override
  public void add(ChatThread thread) {
    database.write(session -> insert(session, thread));
  }

  @Override
  public void add(ChatThread thread, Item first) {
    database.write(
        session -> insert(session, thread) + new ItemRows(session, thread).insert(first));
  }

  private static int insert(Session session, ChatThread thread) throws SQLException {
    return session.update(
        """
        INSERT INTO threads (owner, id, created_at, last_at, title, status, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?)\
        """,
        thread.owner(),
        thread.id(),
        thread.createdAt(),
        thread.createdAt(),
        thread.title(),
        thread.status().kind(),
        thread.status().reason());
  }

  @Override
  public void rename(ChatThread thread, String title) {
    database.write(session ->
        session.update(
            "UPDATE threads SET title = ? WHERE owner = ? AND id = ?",
            title,
            thread.owner(),
            thread.id()));
  }

  @Override
  public void setStatus(ChatThread thread, ThreadStatus status) {
    database.write(session ->
        session.update(
            "UPDATE threads SET status = ?, reason = ? WHERE owner = ? AND id = ?",
            status.kind(),
            status.reason(),
            thread.owner(),
            thread.id()));
  }

  @Override
  public Optional<ChatThread> find(String owner, String id) {
    return database.read(session -> find(session, owner, id));
  }

  @Override
  public Page<ChatThread> list(String owner, PageRequest request) {
    return database.read(session -> {
      Paging paging = Paging.of(request, id -> place(session, owner, id));
      List<ChatThread> rows =
          session.list(
              "SELECT %s FROM threads WHERE owner = ? AND %s ORDER BY %s LIMIT ?"
                  .formatted(Columns.THREAD, paging.condition(), paging.order()),
              Columns::thread,
              owner,
              paging.start(),
              paging.rows());
      return paging.page(rows, ChatThread::id);
    });
  }

  @Override
  public List<String> delete(ChatThread thread) {
    List<String> attachments =
        database.write(session -> {
          new ItemRows(session, thread)
              .held(thread.createdAt()); // nothing is attached from here on
          List<String> sent =
              session.list(
                  "SELECT id FROM attachments WHERE owner = ? AND thread_id = ? ORDER BY seq",
                  row -> row.getString(1),
                  thread.owner(),
                  thread.id());
          session.update(
              "DELETE FROM threads WHERE owner = ? AND id = ?", thread.owner(), thread.id());
          return sent;
        });
    database.erase();
    return attachments;
  }

  @Override
  public void append(ChatThread thread, List<? extends Item> items) {
    database.write(session -> new ItemRows(session, thread).append(items));
  }

  @Override
  public Optional<Asked> ask(ChatThread thread, Item.UserMessage message, Optional<String> title) {
    Optional<Asked> asked =
        database.write(session -> {
          ItemRows rows = new ItemRows(session, thread);
          if (!rows.held(message.createdAt())) {
            return Optional.empty();
          }
          List<String> dropped = rows.dropPendingCalls();
          rows.insert(message);
          session.update(
              "UPDATE threads SET title = coalesce(title, ?) WHERE owner = ? AND id = ?",
              title,
              thread.owner(),
              thread.id());
          return find(session, thread.owner(), thread.id()).map(now -> new Asked(now, dropped));
        });
    if (asked.filter(done -> !done.dropped().isEmpty()).isPresent()) {
      database.erase();
    }
    return asked;
  }

  @Override
  public List<String> rewrite(
      ChatThread thread, String itemId, Optional<String> until, List<? extends Item> items) {
    Set<String> loose =
        database.write(session -> {
          ItemRows rows = new ItemRows(session, thread);
          Set<String> left = rows.held(thread.createdAt()) ? rows.cut(itemId, until) : Set.of();
          rows.append(items);
          return left;
        });
    database.erase();
    return List.copyOf(loose);
  }

  @Override
  public void replace(ChatThread thread, Item item) {
    database.write(session ->
        session.update(
            """
            UPDATE items SET hidden = ?, pending = ?, json = ?
            WHERE owner = ? AND thread_id = ? AND id = ?\
            """,
            Columns.hidden(item),
            Columns.pending(item),
            Columns.json(item),
            thread.owner(),
            thread.id(),
            item.id()));
  }

  @Override
  public Optional<Item> item(ChatThread thread, String itemId) {
    return database.read(session -> new ItemRows(session, thread).item(itemId));
  }

  @Override
  public Page<Item.Visible> items(ChatThread thread, PageRequest request) {
    return database.read(session -> {
      Paging paging = Paging.of(request, new ItemRows(session, thread)::visible);
      List<Optional<Item>> rows =
          session.list(
              PART.formatted("NOT hidden AND " + paging.condition(), paging.order()),
              Columns.optionalItem(thread.owner()),
              MOST_BYTES,
              thread.owner(),
              thread.id(),
              paging.start(),
              paging.rows());
      List<Item.Visible> visible =
          rows.stream().flatMap(Optional::stream).map(Item.Visible.class::cast).toList();
      return paging.page(visible, rows.size(), Item.Visible::id);
    });
  }

  @Override
  public List<Item> history(ChatThread thread, int most) {
    return database.read(session -> history(session, thread, Long.MAX_VALUE, most));
  }

  @Override
  public List<Item> historyBefore(ChatThread thread, String itemId, int most) {
    return database.read(session -> {
      long end = new ItemRows(session, thread).visible(itemId).orElse(Long.MAX_VALUE);
      return history(session, thread, end, most);
    });
  }

  private static List<Item> history(Session session, ChatThread thread, long end, int most)
      throws SQLException {
    return session
        .list(
            PART.formatted("seq < ?", "seq DESC"),
            Columns.optionalItem(thread.owner()),
            MOST_BYTES,
            thread.owner(),
            thread.id(),
            end,
            most)
        .stream()
        .flatMap(Optional::stream)
        .toList()
        .reversed();
  }

  @Override
  public List<Item.ClientToolCall> pendingCalls(ChatThread thread) {
    return database.read(session -> new ItemRows(session, thread).pendingCalls());
  }

  @Override
  public boolean rate(ChatThread thread, List<String> itemIds, Rating rating, Instant now) {
    return database.write(session -> {
      ItemRows rows = new ItemRows(session, thread);
      rows.held(thread.createdAt());
      for (String id : itemIds) {
        if (rows.visible(id).isEmpty()) {
          return false;
        }
      }
      for (String id : new HashSet<>(itemIds)) {
        session.update(
            """
            INSERT INTO feedback (owner, thread_id, item_id, rating, rated_at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (owner, thread_id, item_id) DO UPDATE
            SET rating = excluded.rating, rated_at = excluded.rated_at\
            """,
            thread.owner(),
            thread.id(),
            id,
            rating,
            now);
      }
      return true;
    });
  }

  private static Optional<ChatThread> find(Session session, String owner, String id)
      throws SQLException {
    return session.first(
        "SELECT " + Columns.THREAD + " FROM threads WHERE owner = ? AND id = ?",
        Columns::thread,
        owner,
        id);
  }

  private static Optional<Long> place(Session session, String owner, String id)
      throws SQLException {
    return session.first(
        "SELECT seq FROM threads WHERE owner = ? AND id = ?", row -> row.getLong(1), owner, id);
  }
}
