package dev.gatehouse.agent.mcp;

import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.time.InstantSource;
import java.util.concurrent.Executors;

/// A tool server, and what all sessions with it share.
///
/// @param http follows no redirects: a token goes to the address that was configured
record Peer(ToolServer server, HttpClient http, Credentials credentials) implements AutoCloseable {

  static Peer of(ToolServer server, InstantSource clock) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(server.timeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    return new Peer(server, http, Credentials.of(server, clock));
  }

  /// Ends what is still being asked; its threads go with it.
  @Override
  public void close() {
    http.shutdownNow();
  }
}
