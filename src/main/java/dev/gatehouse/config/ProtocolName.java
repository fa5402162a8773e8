package dev.gatehouse.config;

import java.util.Set;

/// The chat protocols a route can speak, by the name used in the file.
public enum ProtocolName {
  CHATKIT("chatkit"),
  AG_UI("ag-ui"),
  MCP("mcp"),
  A2A("a2a"),
  AI_SDK("ai-sdk"),
  OPENAI("openai"),
  JSON("json"),
  RAW("raw");

  private final String text;

  ProtocolName(String text) {
    this.text = text;
  }

  /// The name as the file has it.
  public String text() {
    return text;
  }

  /// The methods it has, for a route that names none.
  Set<String> methods() {
    return switch (this) {
      case CHATKIT, AG_UI, JSON -> Set.of("POST");
      case AI_SDK -> Set.of("GET", "POST");
      case MCP, A2A, OPENAI -> Set.of("GET", "POST", "DELETE");
      case RAW -> Set.of("GET", "HEAD", "POST", "PUT");
    };
  }
}
