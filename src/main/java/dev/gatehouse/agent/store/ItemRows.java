package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The items of one thread within one transaction. No statement is without the owner.
record ItemRows(Session session, ChatThread thread) {

  /// Keeps everybody else out of the thread until the transaction ends, so that its items are
  /// numbered in the order in which they become visible.
  ///
  /// @param at when something happened in it
  /// @return whether there is such a thread
  boolean held(Instant at) throws SQLException {
    return session.update(
            """
            UPDATE threads SET last_at = CASE WHEN last_at < ? THEN ? ELSE last_at END
            WHERE owner = ? AND id = ?\
            """,
            at,
            at,
            thread.owner(),
            thread.id())
        > 0;
  }

  int insert(Item item) throws SQLException {
    SqlAttachments.attach(session, thread, item);
    return session.update(
        """
        INSERT INTO items (owner, thread_id, id, hidden, pending, json)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (owner, thread_id, id) DO NOTHING\
        """,
        thread.owner(),
        thread.id(),
        item.id(),
        Columns.hidden(item),
        Columns.pending(item),
        Columns.json(item));
  }

  /// Adds items at the end, if there is such a thread.
  int append(List<? extends Item> items) throws SQLException {
    int added = 0;
    for (Item item : items) {
      added += held(item.createdAt()) ? insert(item) : 0;
    }
    return added;
  }

  Optional<Item> item(String id) throws SQLException {
    return session.first(
        "SELECT json FROM items WHERE owner = ? AND thread_id = ? AND id = ?",
        Columns.item(thread.owner()),
        thread.owner(),
        thread.id(),
        id);
  }

  /// Where a visible item stands.
  Optional<Long> visible(String id) throws SQLException {
    return session.first(
        "SELECT seq FROM items WHERE owner = ? AND thread_id = ? AND id = ? AND NOT hidden",
        row -> row.getLong(1),
        thread.owner(),
        thread.id(),
        id);
  }

  /// The calls that the page has not answered, oldest first.
  List<Item.ClientToolCall> pendingCalls() throws SQLException {
    return session
        .list(
            """
            SELECT json FROM items WHERE owner = ? AND thread_id = ? AND pending
            ORDER BY seq\
            """,
            Columns.item(thread.owner()),
            thread.owner(),
            thread.id())
        .stream()
        .map(Item.ClientToolCall.class::cast)
        .toList();
  }

  /// Deletes the calls that the page has not answered.
  ///
  /// @return their ids
  List<String> dropPendingCalls() throws SQLException {
    List<String> pending = pendingCalls().stream().map(Item::id).toList();
    session.update(
        "DELETE FROM items WHERE owner = ? AND thread_id = ? AND pending",
        thread.owner(),
        thread.id());
    return pending;
  }

  /// Deletes what follows an item.
  ///
  /// @param until the first item behind it that stays, if one does
  /// @return the ids of attachments that no item of the thread has any more
  Set<String> cut(String id, Optional<String> until) throws SQLException {
    Optional<Long> place = visible(id);
    if (place.isEmpty()) {
      return Set.of();
    }
    long end = until.isPresent() ? visible(until.get()).orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
    Set<String> loose = attached("seq > ? AND seq < ?", place.get(), end);
    if (!loose.isEmpty()) {
      loose.removeAll(attached("(seq <= ? OR seq >= ?)", place.get(), end));
    }
    session.update(
        "DELETE FROM items WHERE owner = ? AND thread_id = ? AND seq > ? AND seq < ?",
        thread.owner(),
        thread.id(),
        place.get(),
        end);
    for (String attachment : loose) {
      SqlAttachments.detach(session, thread, attachment);
    }
    return loose;
  }

  /// The ids of attachments of some items.
  private Set<String> attached(String condition, long place, long end) throws SQLException {
    return session
        .list(
            """
            SELECT json FROM items WHERE owner = ? AND thread_id = ? AND %s
            AND json LIKE '%%"attachments":[{%%'\
            """
                .formatted(condition),
            Columns.item(thread.owner()),
            thread.owner(),
            thread.id(),
            place,
            end)
        .stream()
        .filter(Item.UserMessage.class::isInstance)
        .map(Item.UserMessage.class::cast)
        .flatMap(message -> message.attachments().stream())
        .map(Attachment::id)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
