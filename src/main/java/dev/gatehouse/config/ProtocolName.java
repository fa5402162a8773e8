package dev.gatehouse.config;

/// The chat protocols a route can speak, by the name used in the file.
public enum ProtocolName {
  CHATKIT("chatkit"),
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
}
