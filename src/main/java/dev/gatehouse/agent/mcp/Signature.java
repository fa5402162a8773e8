package dev.gatehouse.agent.mcp;

import dev.gatehouse.agent.chat.BearerToken;
import io.modelcontextprotocol.client.transport.customizer.McpSyncHttpClientRequestCustomizer;
import io.modelcontextprotocol.common.McpTransportContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Stands between the MCP library and the network: writes the `Authorization` header of a session,
/// and lets nothing out that the session does not need.
final class Signature implements McpSyncHttpClientRequestCustomizer {
  private final HttpClient http;
  private final ToolServer server;
  private volatile Optional<BearerToken> token = Optional.empty();
  private volatile boolean over;

  Signature(Peer peer) {
    this.http = peer.http();
    this.server = peer.server();
  }

  void use(Optional<BearerToken> current) {
    token = current;
  }

  Optional<BearerToken> token() {
    return token;
  }

  /// From now on nothing is asked any more.
  void end() {
    over = true;
  }

  @Override
  public void customize(
      HttpRequest.Builder request,
      String method,
      URI endpoint,
      @Nullable String body,
      McpTransportContext context) {
    token.ifPresent(it -> request.setHeader("Authorization", "Bearer " + it.value()));
    switch (method) {
      case "POST" -> {
        if (over) {
          throw new CancellationException("the session is over");
        }
      }
      case "DELETE" -> {
        leave(request.build());
        // The library would keep the session's connections until this is answered.
        throw new CancellationException("the farewell was sent");
      }
      default ->
          // The long GET is for what a server says unasked: nobody here would listen.
          throw new CancellationException("nobody listens");
    }
  }

  private void leave(HttpRequest request) {
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, BodyHandlers.discarding());
    CompletableFuture.delayedExecutor(server.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> answer.cancel(true));
  }
}
