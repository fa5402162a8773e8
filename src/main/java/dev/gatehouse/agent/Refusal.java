package dev.gatehouse.agent;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Why a request is turned down before an answer begins. Knows how it looks on the wire: RFC 9457,
/// with the text repeated as `message` for ChatKit clients. Without a stack trace, because it is an
/// answer and not a defect.
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;
  private final String text;

  private Refusal(Kind kind, String text) {
    super(kind.title, null, false, false);
    this.kind = kind;
    this.text = text;
  }

  /// The request cannot be understood; the text names the member at fault, never its value.
  static Refusal invalid(String text) {
    return new Refusal(Kind.INVALID, text);
  }

  static Refusal notAuthenticated() {
    return new Refusal(Kind.NOT_AUTHENTICATED, "A bearer token is needed.");
  }

  static Refusal invalidToken() {
    return new Refusal(Kind.INVALID_TOKEN, "The bearer token was not accepted.");
  }

  static Refusal keysUnavailable() {
    return new Refusal(Kind.KEYS_UNAVAILABLE, "The issuer's signing keys could not be fetched.");
  }

  static Refusal notFound(String text) {
    return new Refusal(Kind.NOT_FOUND, text);
  }

  static Refusal methodNotAllowed() {
    return new Refusal(Kind.METHOD_NOT_ALLOWED, "ChatKit requests are sent with POST.");
  }

  static Refusal tooLarge() {
    return new Refusal(Kind.TOO_LARGE, "The request body is too large.");
  }

  static Refusal notJson() {
    return new Refusal(Kind.NOT_JSON, "The request body must be application/json.");
  }

  /// What a user may read.
  String text() {
    return text;
  }

  void answer(HttpServletResponse response) throws IOException {
    response.setStatus(kind.status);
    response.setContentType("application/problem+json");
    response.setHeader("Cache-Control", "no-store");
    addOwnHeader(response);
    response.getOutputStream().write(body().toString().getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode body() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "about:blank")
        .put("title", kind.title)
        .put("status", kind.status)
        .put("detail", text)
        .put("message", text);
  }

  private void addOwnHeader(HttpServletResponse response) {
    switch (kind) {
      case NOT_AUTHENTICATED -> response.setHeader("WWW-Authenticate", "Bearer");
      case INVALID_TOKEN ->
          response.setHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      case METHOD_NOT_ALLOWED -> response.setHeader("Allow", "POST");
      case KEYS_UNAVAILABLE -> response.setHeader("Retry-After", "5");
      case INVALID, NOT_FOUND, TOO_LARGE, NOT_JSON -> {}
    }
  }

  private enum Kind {
    INVALID(400, "Invalid request"),
    NOT_AUTHENTICATED(401, "Not authenticated"),
    INVALID_TOKEN(401, "Token not accepted"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    TOO_LARGE(413, "Body too large"),
    NOT_JSON(415, "Unsupported media type"),
    KEYS_UNAVAILABLE(503, "Signing keys unavailable");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }
  }
}
