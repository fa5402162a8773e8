package dev.gatehouse.agent.mcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The server of the official TypeScript SDK in `src/test/clients`, as a process.
record SdkServer(Process process, URI address) implements AutoCloseable {
  private static final Path ROOM = Path.of("target", "clients");
  private static final String SCRIPT = "bearer-server.js";

  /// What is missing to start one, if anything is.
  static Optional<String> missing() {
    if (!Files.isDirectory(ROOM.resolve("node_modules/@modelcontextprotocol/sdk"))) {
      return Optional.of("the SDK (run src/test/clients/run once)");
    }
    try {
      Process version = new ProcessBuilder("node", "--version").redirectErrorStream(true).start();
      version.getInputStream().readAllBytes();
      return version.waitFor() == 0 ? Optional.empty() : Optional.of("a node that runs");
    } catch (IOException _) {
      return Optional.of("node");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// @param token which it demands
  static SdkServer start(String token) throws IOException {
    Files.copy(
        Path.of("src/test/clients", SCRIPT),
        ROOM.resolve(SCRIPT),
        StandardCopyOption.REPLACE_EXISTING);
    Process process =
        new ProcessBuilder("node", SCRIPT)
            .directory(ROOM.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.outputWriter().append(token).append('\n').flush();
    BufferedReader output = process.inputReader();
    String port = output.readLine();
    if (port == null) {
      throw new IOException("the server did not start");
    }
    return new SdkServer(process, URI.create("http://127.0.0.1:" + port));
  }

  /// Each request: its `authorization`, and the `rest` of it.
  JsonNode seen() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(address.resolve("/seen")).build();
      return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
