package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.ChatThread;
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

  @Override
  public void attach(ChatThread thread, List<Attachment> attachments) {
    if (attachments.isEmpty()) {
      return;
    }
    database.write(session -> {
      int attached = 0;
      if (SqlThreads.held(session, thread, thread.createdAt())) {
        for (Attachment attachment : attachments) {
          attached +=
              session.update(
                  """
                  UPDATE attachments SET thread_id = ?
                  WHERE owner = ? AND id = ? AND thread_id IS NULL\
                  """,
                  thread.id(),
                  thread.owner(),
                  attachment.id());
        }
      }
      return attached;
    });
  }

  @Override
  public boolean delete(String owner, String id) {
    return database.write(session ->
        session.update("DELETE FROM attachments WHERE owner = ? AND id = ?", owner, id))
        > 0;
  }

  @Override
  public List<String> ids() {
    return database.read(
        session -> session.list("SELECT id FROM attachments", row -> row.getString(1)));
  }
}
