package dev.gatehouse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.http.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An answer that was read to its end.
public final class Reply {
  private final int status;
  private final Headers headers;
  private final byte[] body;

  Reply(int status, Headers headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /// The status code.
  public int status() {
    return status;
  }

  /// The body as it came.
  public byte[] body() {
    return body;
  }

  /// The only value of a header; empty if there is none.
  public Optional<String> header(String name) {
    List<String> values = headers.values(name);
    if (values.size() > 1) {
      throw new AssertionError("more than one " + name + ": " + values);
    }
    return values.stream().findFirst();
  }

  /// All values of a header, in order.
  public List<String> headers(String name) {
    return headers.values(name);
  }

  /// The body as text.
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// The body as JSON.
  public JsonNode json() {
    return JsonMapper.shared().readTree(body);
  }

  /// Checks the whole shape of a problem document.
  public Reply assertProblem(ProblemCode code) {
    assertEquals(code.status(), status, this::text);
    assertEquals(Optional.of("application/problem+json"), header("Content-Type"));
    assertEquals(Optional.of("no-store"), header("Cache-Control"));
    assertEquals(Optional.of("nosniff"), header("X-Content-Type-Options"));
    JsonNode problem = json();
    assertEquals(code.text(), problem.get("code").asString());
    assertEquals("https://gatehouse.dev/problems/" + code.text(), problem.get("type").asString());
    assertEquals(code.status(), problem.get("status").asInt());
    assertEquals(problem.get("title"), problem.get("error"));
    assertEquals(problem.get("detail"), problem.get("message"));
    assertEquals(header("X-Request-Id").orElseThrow(), problem.get("requestId").asString());
    return this;
  }
}
