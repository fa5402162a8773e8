package dev.gatehouse.protocol;

import dev.gatehouse.config.ProtocolName;

/// The protocols there are.
public final class Protocols {

  private Protocols() {}

  /// The description of the protocol of that name.
  public static Protocol of(ProtocolName name) {
    return switch (name) {
      case CHATKIT -> new ChatKit();
      case AG_UI -> new AgUi();
      case MCP -> new Mcp();
      case A2A -> new A2a();
      case AI_SDK -> new AiSdk();
      case OPENAI -> new OpenAi();
      case JSON -> new Json();
      case RAW -> new Raw();
    };
  }
}
