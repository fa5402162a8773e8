package dev.gatehouse.config;

/// How an upstream is called, by the number used in the file.
public enum HttpVersion {
  /// A connection for each exchange under way.
  HTTP_1_1("1.1"),
  /// Many exchanges on one connection: agreed on by ALPN over `https`, with HTTP/1.1 where the
  /// server has no HTTP/2; begun without asking over `http`.
  HTTP_2("2");

  private final String text;

  HttpVersion(String text) {
    this.text = text;
  }

  /// The number as the file has it.
  public String text() {
    return text;
  }
}
