package dev.gatehouse.http;

/// What an upstream is told about the way a request took.
///
/// @param forwardedFor the value of `X-Forwarded-For`
/// @param proto `http` or `https`, as the browser sees it
/// @param host host and port as the browser sees them
/// @param forwarded the value of `Forwarded` (RFC 7239)
public record Forwarding(String forwardedFor, String proto, String host, String forwarded) {

  /// The gate as the browser has it in the address bar.
  public String origin() {
    return proto + "://" + host;
  }
}
