package dev.gatehouse.agent.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server spoken by hand, in which every answer can be replaced.
final class ScriptedTools implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private final MockWebServer server = new MockWebServer();
  private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Asked, MockResponse> script = ScriptedTools::ordinary;

  ScriptedTools() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            return script.apply(Asked.of(request));
          }
        });
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A request, and the method of its JSON-RPC message, which is empty if there is none.
  record Asked(RecordedRequest request, String method, JsonNode message) {

    static Asked of(RecordedRequest request) {
      ByteString body = request.getBody();
      JsonNode message =
          body == null || body.size() == 0
              ? JSON.createObjectNode()
              : JSON.readTree(body.toByteArray());
      return new Asked(request, message.path("method").asString(""), message);
    }
  }

  /// Answers one method in another way.
  ScriptedTools on(String method, Function<Asked, MockResponse> answer) {
    Function<Asked, MockResponse> before = script;
    script = asked -> asked.method().equals(method) ? answer.apply(asked) : before.apply(asked);
    return this;
  }

  /// Answers a method with a result.
  ScriptedTools says(String method, String result) {
    return on(method, asked -> result(asked, result));
  }

  /// Offers tools of these names.
  ScriptedTools offers(List<String> names) {
    ObjectNode result = JSON.createObjectNode();
    names.forEach(name -> {
      ObjectNode tool = result.withArray("tools").addObject();
      tool.put("name", name).put("description", "Does it");
      tool.putObject("inputSchema").put("type", "object");
    });
    return says("tools/list", result.toString());
  }

  ToolServer named(String name, TokenUse token) {
    return new ToolServer(name, uri(), token, Duration.ofSeconds(20));
  }

  URI uri() {
    return server.url("/mcp").uri();
  }

  List<RecordedRequest> requests() {
    return requests;
  }

  /// How often a method was called.
  long count(String method) {
    return requests.stream().filter(it -> Asked.of(it).method().equals(method)).count();
  }

  @Override
  public void close() {
    server.close();
  }

  static MockResponse result(Asked asked, String result) {
    return json(
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}"
            .formatted(asked.message().path("id"), result));
  }

  static MockResponse error(Asked asked, String text) {
    return json(
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-32000,\"message\":%s}}"
            .formatted(asked.message().path("id"), JSON.writeValueAsString(text)));
  }

  static MockResponse json(String body) {
    return new MockResponse.Builder()
        .addHeader("Content-Type", "application/json")
        .addHeader("Mcp-Session-Id", "session-1")
        .body(body)
        .build();
  }

  static String text(String text) {
    return "{\"content\":[{\"type\":\"text\",\"text\":%s}]}"
        .formatted(JSON.writeValueAsString(text));
  }

  static String authorization(Asked asked) {
    return Objects.requireNonNullElse(asked.request().getHeaders().get("Authorization"), "none");
  }

  private static MockResponse ordinary(Asked asked) {
    return switch (asked.method()) {
      case "initialize" ->
          result(
              asked,
              "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
                  + "\"serverInfo\":{\"name\":\"scripted\",\"version\":\"1\"}}");
      case "tools/list" ->
          result(
              asked,
              "{\"tools\":[{\"name\":\"look\",\"title\":\"Look\",\"description\":\"Looks\","
                  + "\"inputSchema\":{\"type\":\"object\"}}]}");
      case "tools/call" -> result(asked, text("seen"));
      default -> new MockResponse.Builder().code(202).build();
    };
  }
}
