package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.UnknownAttachment;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Notes on attachments in a table.
final class SqlAttachments implements Attachments {
  private final Database database;

  SqlAttachments(Database database) {
    this.database = database;
  }

  @Override
  public void save(Attachment attachment) {
    database.write(session -> {
      int saved =
          session.update(
              """
              INSERT INTO attachments (owner, id, name, mime_type, size, created_at)
              VALUES (?, ?, ?, ?, ?, ?)
              ON CONFLICT (id) DO UPDATE
              SET name = excluded.name, mime_type = excluded.mime_type,
                size = excluded.size, created_at = excluded.created_at
              WHERE attachments.owner = excluded.owner\
              """,
              attachment.owner(),
              attachment.id(),
              attachment.name(),
              attachment.mimeType(),
              attachment.size(),
              attachment.createdAt());
      if (saved == 0) {
        throw new SQLException("an attachment with this id is somebody else's");
      }
      return saved;
    });
  }

  @Override
  public Optional<Attachment> find(String owner, String id) {
    return database.read(session ->
        session.first(
            "SELECT " + Columns.ATTACHMENT + " FROM attachments WHERE owner = ? AND id = ?",
            Columns::attachment,
            owner,
            id));
  }

  /// Makes what is attached to an item part of its thread.
  ///
  /// @throws UnknownAttachment if something is in another one, or not there
  static void attach(Session session, ChatThread thread, Item item) throws SQLException {
    List<Attachment> attached =
        item instanceof Item.UserMessage message ? message.attachments() : List.of();
    for (Attachment attachment : attached) {
      int own =
          session.update(
              """
              UPDATE attachments SET thread_id = ?
              WHERE owner = ? AND id = ? AND (thread_id IS NULL OR thread_id = ?)\
              """,
              thread.id(),
              thread.owner(),
              attachment.id(),
              thread.id());
      if (own == 0) {
        throw new UnknownAttachment();
      }
    }
  }

  /// Makes an attachment one that was not sent: whoever is to delete it may fail, and those are
  /// deleted in any case.
  static void detach(Session session, ChatThread thread, String id) throws SQLException {
    session.update(
        "UPDATE attachments SET thread_id = NULL WHERE owner = ? AND thread_id = ? AND id = ?",
        thread.owner(),
        thread.id(),
        id);
  }

  @Override
  public boolean delete(String owner, String id) {
    int deleted =
        database.write(session ->
            session.update("DELETE FROM attachments WHERE owner = ? AND id = ?", owner, id));
    database.erase();
    return deleted > 0;
  }

  @Override
  public Unsent unsent(String owner) {
    return database
        .read(session ->
            session.first(
                """
                SELECT count(*), coalesce(sum(size), 0) FROM attachments
                WHERE owner = ? AND thread_id IS NULL\
                """,
                row -> new Unsent(row.getInt(1), row.getLong(2)),
                owner))
        .orElseThrow();
  }

  @Override
  public List<String> ids() {
    return database.read(
        session -> session.list("SELECT id FROM attachments", row -> row.getString(1)));
  }
}
