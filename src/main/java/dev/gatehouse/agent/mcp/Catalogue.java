package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.PlainText;
import dev.gatehouse.agent.chat.Toolbox;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Collects what all servers of a toolbox offer, under names of its own.
final class Catalogue {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int TITLE_LENGTH = 80;
  private static final int DESCRIPTION_LENGTH = 4 * 1024;
  private static final int SCHEMA_LENGTH = 32 * 1024;

  private final Names names = new Names();
  private final List<Toolbox.Tool> tools = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Entry> entries = new HashMap<>();

  Toolbox.Inventory inventory() {
    return new Toolbox.Inventory(tools, problems);
  }

  Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  void problem(String text) {
    problems.add(text);
  }

  void add(ToolSession session, List<McpSchema.Tool> offered) {
    int before = tools.size();
    offered.stream().limit(ToolSession.MOST_TOOLS).forEach(tool -> add(session, tool));
    int left = offered.size() - (tools.size() - before);
    if (left > 0) {
      problems.add("Not all tools of " + session.server().name() + " can be used.");
    }
  }

  private void add(ToolSession session, McpSchema.Tool tool) {
    Redaction redaction = session.redaction();
    String own = orElse(tool.name(), "");
    Optional<ObjectNode> schema = schema(tool, redaction);
    if (own.isEmpty() || schema.isEmpty() || !redaction.clean(own).equals(own)) {
      return;
    }
    String name = names.of(session.server().name(), own);
    String description = redaction.clean(orElse(tool.description(), ""));
    entries.put(name, new Entry(session, own));
    tools.add(
        new Toolbox.Tool(
            name,
            title(tool, own, session.server(), redaction),
            description.substring(0, Math.min(description.length(), DESCRIPTION_LENGTH)),
            schema.get()));
  }

  /// Names the server, and what is asked for in the person's name.
  private static String title(
      McpSchema.Tool tool, String name, ToolServer server, Redaction redaction) {
    String said = PlainText.of(redaction.clean(orElse(tool.title(), name)), TITLE_LENGTH);
    String scopes =
        server.token() instanceof TokenUse.Exchange exchange && !exchange.scopes().isEmpty()
            ? ", scopes " + String.join(" ", exchange.scopes())
            : "";
    return said + " (" + server.name() + scopes + ")";
  }

  private static Optional<ObjectNode> schema(McpSchema.Tool tool, Redaction redaction) {
    try {
      String json = redaction.clean(JSON.writeValueAsString(tool.inputSchema()));
      return json.length() <= SCHEMA_LENGTH && JSON.readTree(json) instanceof ObjectNode schema
          ? Optional.of(schema)
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static String orElse(@Nullable String text, String other) {
    return text == null || text.isBlank() ? other : text;
  }

  /// @param tool as the server calls it
  record Entry(ToolSession session, String tool) {}
}
