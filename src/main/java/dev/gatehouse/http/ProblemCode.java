package dev.gatehouse.http;

/// Every way a request can fail before the first byte of an answer; the text is the stable code
/// that clients see.
public enum ProblemCode {
  MALFORMED_REQUEST(400, "malformed-request", "Malformed request"),
  AMBIGUOUS_COOKIE(400, "ambiguous-cookie", "Ambiguous cookie"),
  MALFORMED_JSON(400, "malformed-json", "Malformed JSON"),
  MALFORMED_PAGE_CONTEXT(400, "malformed-page-context", "Malformed page context"),
  NOT_AUTHENTICATED(401, "not-authenticated", "Not signed in"),
  INVALID_TOKEN(401, "invalid-token", "Token not accepted"),
  TOKEN_EXPIRED(401, "token-expired", "Session expired"),
  INSUFFICIENT_SCOPE(403, "insufficient-scope", "Not permitted"),
  CROSS_SITE_REQUEST(403, "cross-site-request", "Cross-site request"),
  NOT_FOUND(404, "not-found", "Not found"),
  METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed"),
  REQUEST_TIMEOUT(408, "request-timeout", "Request timeout"),
  BODY_TOO_LARGE(413, "body-too-large", "Body too large"),
  URI_TOO_LONG(414, "uri-too-long", "URI too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Unsupported media type"),
  RATE_LIMITED(429, "rate-limited", "Too many requests"),
  TOO_MANY_STREAMS(429, "too-many-streams", "Too many streams"),
  HEADERS_TOO_LARGE(431, "headers-too-large", "Headers too large"),
  INTERNAL_ERROR(500, "internal-error", "Internal error"),
  UPSTREAM_FAILED(502, "upstream-failed", "Upstream failed"),
  UPSTREAM_UNREACHABLE(502, "upstream-unreachable", "Upstream unreachable"),
  UPSTREAM_PROTOCOL_ERROR(502, "upstream-protocol-error", "Upstream protocol error"),
  DRAINING(503, "draining", "Shutting down"),
  KEYS_UNAVAILABLE(503, "keys-unavailable", "Signing keys unavailable"),
  OVERLOADED(503, "overloaded", "Overloaded"),
  UPSTREAM_TIMEOUT(504, "upstream-timeout", "Upstream timeout");

  private final int status;
  private final String text;
  private final String title;

  ProblemCode(int status, String text, String title) {
    this.status = status;
    this.text = text;
    this.title = title;
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  /// The stable code, last segment of the problem's `type`.
  public String text() {
    return text;
  }

  /// One short human-readable line, the same for every occurrence.
  public String title() {
    return title;
  }
}
