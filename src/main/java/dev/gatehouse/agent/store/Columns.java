package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.Attachment;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.ItemJson;
import dev.gatehouse.agent.chat.ThreadStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How rows become values.
final class Columns {
  static final String THREAD = "id, owner, created_at, title, status, reason";
  static final String ATTACHMENT = "id, owner, name, mime_type, size, created_at";

  private static final ObjectMapper JSON = new JsonMapper();

  private Columns() {}

  static ChatThread thread(ResultSet row) throws SQLException {
    return new ChatThread(
        row.getString("id"),
        row.getString("owner"),
        time(row, "created_at"),
        Optional.ofNullable(row.getString("title")),
        new ThreadStatus(
            ThreadStatus.Kind.valueOf(row.getString("status")),
            Optional.ofNullable(row.getString("reason"))));
  }

  static Attachment attachment(ResultSet row) throws SQLException {
    return new Attachment(
        row.getString("id"),
        row.getString("owner"),
        row.getString("name"),
        row.getString("mime_type"),
        row.getLong("size"),
        time(row, "created_at"));
  }

  static Session.Row<Item> item(String owner) {
    return row -> item(row.getString("json"), owner);
  }

  /// Nothing where the row has no room for the item.
  static Session.Row<Optional<Item>> optionalItem(String owner) {
    return row -> {
      String json = row.getString("json");
      return json == null ? Optional.empty() : Optional.of(item(json, owner));
    };
  }

  private static Item item(String json, String owner) throws SQLException {
    try {
      return ItemJson.read((ObjectNode) JSON.readTree(json), owner);
    } catch (JacksonException
        | IllegalArgumentException
        | DateTimeException
        | ClassCastException e) {
      // Its text may quote the item.
      throw new SQLException("an item cannot be read: " + e.getClass().getName());
    }
  }

  static String json(Item item) {
    return JSON.writeValueAsString(ItemJson.of(item));
  }

  static boolean pending(Item item) {
    return item instanceof Item.ClientToolCall call && call.output().isEmpty();
  }

  static boolean hidden(Item item) {
    return !(item instanceof Item.Visible);
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }
}
