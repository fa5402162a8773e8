package dev.gatehouse.agent.http;

import dev.gatehouse.agent.chat.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;

/// Why a request is turned down before an answer begins. Knows how it looks on the wire: RFC 9457,
/// with the text repeated as `message` for ChatKit clients. Without a stack trace, because it is an
/// answer and not a defect.
public final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  static final String CONTENT_TYPE = "application/problem+json";

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

  /// The client stopped sending before its request was whole.
  static Refusal tooSlow() {
    return new Refusal(Kind.TOO_SLOW, "The request did not arrive in time.");
  }

  /// The body did not come to its end.
  ///
  /// @param failure what reading it ended with
  public static Refusal brokenOff(Throwable failure) {
    boolean waited =
        failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException;
    return waited ? tooSlow() : invalid("The request broke off.");
  }

  /// What can be done once was done before.
  public static Refusal uploadedAlready() {
    return new Refusal(Kind.CONFLICT, "This file was uploaded already.");
  }

  /// One person asks for too much at once.
  public static Refusal tooMany(String text) {
    return new Refusal(Kind.TOO_MANY, text);
  }

  /// All together ask for too much at once.
  static Refusal busy() {
    return new Refusal(Kind.BUSY, "Too much is going on here: try again in a moment.");
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

  /// Something here failed that should not.
  public static Refusal broken() {
    return new Refusal(Kind.BROKEN, "Something went wrong here.");
  }

  /// What the container found wrong.
  ///
  /// @param status what it would answer
  static Refusal byContainer(int status) {
    return switch (status) {
      case 404 -> notFound("There is nothing at this path.");
      case 408 -> tooSlow();
      case 413 -> tooLarge();
      case 414 -> new Refusal(Kind.URI_TOO_LONG, "The address is too long.");
      case 431 -> new Refusal(Kind.HEADERS_TOO_LARGE, "The headers are too large.");
      case 503 -> new Refusal(Kind.STOPPING, "The agent is about to stop.");
      default ->
          status == 505 || (status >= 400 && status < 500)
              ? invalid("The request is not valid HTTP.")
              : broken();
    };
  }

  /// Whether there is no use in waiting for more of the request.
  boolean isAboutSilence() {
    return kind == Kind.TOO_SLOW;
  }

  /// What a user may read.
  public String text() {
    return text;
  }

  public void answer(HttpServletResponse response) throws IOException {
    response.setStatus(kind.status);
    response.setContentType(CONTENT_TYPE);
    response.setHeader("Cache-Control", "no-store");
    addOwnHeader(response);
    response.getOutputStream().write(body());
  }

  int status() {
    return kind.status;
  }

  byte[] body() {
    return Json.object()
        .put("type", "about:blank")
        .put("title", kind.title)
        .put("status", kind.status)
        .put("detail", text)
        .put("message", text)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private void addOwnHeader(HttpServletResponse response) {
    switch (kind) {
      case NOT_AUTHENTICATED -> response.setHeader("WWW-Authenticate", "Bearer");
      case INVALID_TOKEN ->
          response.setHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      case METHOD_NOT_ALLOWED -> response.setHeader("Allow", allowed);
      case KEYS_UNAVAILABLE, STORE_UNAVAILABLE, BUSY, TOO_MANY ->
          response.setHeader("Retry-After", "5");
      case INVALID,
          NOT_FOUND,
          TOO_SLOW,
          CONFLICT,
          TOO_LARGE,
          URI_TOO_LONG,
          NOT_JSON,
          NO_SUCH_RANGE,
          HEADERS_TOO_LARGE,
          BROKEN,
          FAILED,
          STOPPING -> {}
    }
  }

  private enum Kind {
    INVALID(400, "Invalid request"),
    NOT_AUTHENTICATED(401, "Not authenticated"),
    INVALID_TOKEN(401, "Token not accepted"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    TOO_SLOW(408, "Request timeout"),
    CONFLICT(409, "Conflict"),
    TOO_LARGE(413, "Body too large"),
    URI_TOO_LONG(414, "Address too long"),
    NOT_JSON(415, "Unsupported media type"),
    NO_SUCH_RANGE(416, "No such range"),
    TOO_MANY(429, "Too many requests"),
    HEADERS_TOO_LARGE(431, "Headers too large"),
    BROKEN(500, "Internal error"),
    FAILED(502, "Failed"),
    BUSY(503, "Busy"),
    KEYS_UNAVAILABLE(503, "Signing keys unavailable"),
    STORE_UNAVAILABLE(503, "Store unavailable"),
    STOPPING(503, "Stopping");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }
  }
}
