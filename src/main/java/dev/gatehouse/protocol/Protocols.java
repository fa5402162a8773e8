package dev.gatehouse.protocol;

import dev.gatehouse.config.ProtocolName;

/// The protocols there are.
public final class Protocols {

  private Protocols() {}

  /// The description of the protocol of that name.
  public static Protocol of(ProtocolName name) {
    return switch (name) {
      case CHATKIT -> new ChatKit();
      case JSON -> new Json();
      case RAW -> new Raw();
    };
  }
}
