package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.BearerToken;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One person's session with one server. Nothing is sent until something is asked.
final class ToolSession implements AutoCloseable {
  private static final int MOST_BYTES = 4 * 1024 * 1024;
  private static final int MOST_PAGES = 20;

  /// How many tools of a server are looked at.
  static final int MOST_TOOLS = 100;

  private final Peer peer;
  private final BearerToken person;
  private final Signature signature;
  private final HttpClientStreamableHttpTransport transport;
  private final McpSyncClient client;

  private ToolSession(Peer peer, BearerToken person) {
    this.peer = peer;
    this.person = person;
    this.signature = new Signature(peer);
    this.transport = transport(peer, signature);
    this.client =
        McpClient.sync(transport)
            .clientInfo(McpSchema.Implementation.builder("gatehouse-agent", "1").build())
            .requestTimeout(peer.server().timeout())
            .initializationTimeout(peer.server().timeout())
            .build();
  }

  static ToolSession with(Peer peer, BearerToken person) {
    return new ToolSession(peer, person);
  }

  private static HttpClientStreamableHttpTransport transport(Peer peer, Signature signature) {
    URI url = peer.server().url();
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return HttpClientStreamableHttpTransport.builder(url.toString())
        .endpoint(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .clientBuilder(new SharedClient(peer.http()))
        .requestBuilder(HttpRequest.newBuilder().timeout(peer.server().timeout()))
        .addHttpRequestCustomizer(signature)
        .resumableStreams(false)
        .maxResponseSize(MOST_BYTES)
        .build();
  }

  ToolServer server() {
    return peer.server();
  }

  /// Hides what this session must not let out.
  Redaction redaction() {
    return Redaction.of(Stream.concat(Stream.of(person), signature.token().stream()));
  }

  /// What the server offers; more than [#MOST_TOOLS] if it offers more than that.
  List<McpSchema.Tool> tools() throws ToolFailure, InterruptedException {
    List<McpSchema.Tool> tools = new ArrayList<>();
    String cursor = McpSchema.FIRST_PAGE;
    for (int page = 0; page < MOST_PAGES && tools.size() <= MOST_TOOLS; page++) {
      McpSchema.ListToolsResult result = page(cursor);
      offered(result).forEach(tools::add);
      cursor = result.nextCursor();
      if (cursor == null || cursor.isEmpty()) {
        break;
      }
    }
    return tools;
  }

  /// Without the holes that a server may have put there.
  private static Stream<McpSchema.Tool> offered(McpSchema.ListToolsResult result)
      throws ToolFailure {
    return Optional.ofNullable(result.tools())
        .orElseThrow(() -> ToolFailure.of(ToolFailure.Kind.NONSENSE))
        .stream()
        .filter(Objects::nonNull);
  }

  private McpSchema.ListToolsResult page(@Nullable String cursor)
      throws ToolFailure, InterruptedException {
    return asked(() -> client.listTools(cursor));
  }

  /// @param tool as the server calls it
  McpSchema.CallToolResult call(String tool, Map<String, Object> arguments)
      throws ToolFailure, InterruptedException {
    return asked(() ->
        client.callTool(McpSchema.CallToolRequest.builder(tool).arguments(arguments).build()));
  }

  private <T> T asked(Supplier<T> question) throws ToolFailure, InterruptedException {
    signature.use(peer.credentials().made(person));
    try {
      return question.get();
    } catch (RuntimeException e) {
      throw ToolFailure.from(e);
    }
  }

  /// Whoever waits for an answer waits no longer.
  @Override
  public void close() {
    signature.end();
    try {
      client.close();
    } catch (NullPointerException _) {
      // The library's answer to a session that is just being opened.
      transport.close();
    }
  }
}
