package dev.gatehouse.agent.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Why a request is turned down before an answer begins. Knows how it looks on the wire: RFC 9457,
/// with the text repeated as `message` for ChatKit clients. Without a stack trace, because it is an
/// answer and not a defect.
public final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;
  private final String text;
  private final String allowed;

  private Refusal(Kind kind, String text) {
    this(kind, text, "");
  }

  private Refusal(Kind kind, String text, String allowed) {
    super(kind.title, null, false, false);
    this.kind = kind;
    this.text = text;
    this.allowed = allowed;
  }

  /// The request cannot be understood; the text names the member at fault, never its value.
  public static Refusal invalid(String text) {
    return new Refusal(Kind.INVALID, text);
  }

  public static Refusal notAuthenticated() {
    return new Refusal(Kind.NOT_AUTHENTICATED, "A bearer token is needed.");
  }

  public static Refusal invalidToken() {
    return new Refusal(Kind.INVALID_TOKEN, "The bearer token was not accepted.");
  }

  public static Refusal keysUnavailable() {
    return new Refusal(Kind.KEYS_UNAVAILABLE, "The issuer's signing keys could not be fetched.");
  }

  public static Refusal notFound(String text) {
    return new Refusal(Kind.NOT_FOUND, text);
  }

  /// The address does not take this method.
  ///
  /// @param allowed the methods of this address, for `Allow`
  public static Refusal methodNotAllowed(String allowed) {
    return new Refusal(Kind.METHOD_NOT_ALLOWED, "This address takes " + allowed + ".", allowed);
  }

  /// What can be done once was done before.
  public static Refusal uploadedAlready() {
    return new Refusal(Kind.CONFLICT, "This file was uploaded already.");
  }

  /// Who throws it says in `Content-Range` how long the file is.
  public static Refusal noSuchRange() {
    return new Refusal(Kind.NO_SUCH_RANGE, "The file has no such part.");
  }

  public static Refusal tooLarge() {
    return new Refusal(Kind.TOO_LARGE, "The request body is too large.");
  }

  public static Refusal notJson() {
    return new Refusal(Kind.NOT_JSON, "The request body must be application/json.");
  }

  /// Something behind the agent failed.
  public static Refusal failed(String text) {
    return new Refusal(Kind.FAILED, text);
  }

  /// What keeps conversations or files does not answer.
  public static Refusal storeUnavailable() {
    return new Refusal(Kind.STORE_UNAVAILABLE, "Conversations cannot be reached at the moment.");
  }

  /// What a user may read.
  public String text() {
    return text;
  }

  public void answer(HttpServletResponse response) throws IOException {
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
      case METHOD_NOT_ALLOWED -> response.setHeader("Allow", allowed);
      case KEYS_UNAVAILABLE, STORE_UNAVAILABLE -> response.setHeader("Retry-After", "5");
      case INVALID, NOT_FOUND, CONFLICT, TOO_LARGE, NOT_JSON, NO_SUCH_RANGE, FAILED -> {}
    }
  }

  private enum Kind {
    INVALID(400, "Invalid request"),
    NOT_AUTHENTICATED(401, "Not authenticated"),
    INVALID_TOKEN(401, "Token not accepted"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    CONFLICT(409, "Conflict"),
    TOO_LARGE(413, "Body too large"),
    NOT_JSON(415, "Unsupported media type"),
    NO_SUCH_RANGE(416, "No such range"),
    FAILED(502, "Failed"),
    KEYS_UNAVAILABLE(503, "Signing keys unavailable"),
    STORE_UNAVAILABLE(503, "Store unavailable");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }
  }
}
