package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.BearerToken;
import dev.gatehouse.agent.chat.Person;
import dev.gatehouse.agent.chat.Toolbox;
import dev.gatehouse.agent.chat.Toolbox.Inventory;
import dev.gatehouse.agent.chat.Toolbox.Outcome;
import dev.gatehouse.agent.chat.Toolboxes;
import dev.gatehouse.testing.LeakRecord;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.JsonNodeFactory;

/// A toolbox of a person with a token that can be recognised anywhere.
record OpenToolbox(Toolbox toolbox, String token) implements AutoCloseable {
  private static final Person PERSON = new Person("user-1", Optional.of("Ada"));

  static OpenToolbox of(ToolServer... servers) {
    return of(McpToolboxes.of(List.of(servers)), secret());
  }

  static OpenToolbox of(Toolboxes toolboxes, String token) {
    return new OpenToolbox(toolboxes.open(PERSON, new BearerToken(token)), token);
  }

  /// Looks like a JWT.
  static String secret() {
    String token = "eyJhbGciOiJFUzI1NiJ9." + part() + "." + part();
    LeakRecord.keep(LeakRecord.Kind.SECRET, token);
    return token;
  }

  private static String part() {
    return UUID.randomUUID().toString().replace("-", "x");
  }

  Inventory inventory() {
    return toolbox.inventory();
  }

  Outcome call(String tool) {
    return toolbox.call(tool, JsonNodeFactory.instance.objectNode());
  }

  /// Whether a text has the token, or its secret parts, in it.
  boolean isIn(String text) {
    return List.of(token.split("\\.")).stream().anyMatch(text::contains);
  }

  /// Closes it in the middle of something.
  void shut() {
    close();
  }

  @Override
  public void close() {
    toolbox.close();
  }
}
