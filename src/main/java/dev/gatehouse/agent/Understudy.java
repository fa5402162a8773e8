package dev.gatehouse.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// Stands in for a model's endpoint: says the same to every question, in the interface in which it
/// is asked.
final class Understudy implements AutoCloseable {
  private static final int WORDS = 20;
  private static final List<String> RESPONSES =
      said(
          "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"word \"}",
          "{\"type\":\"response.completed\"}");
  private static final List<String> CHUNKS =
      said("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}", "[DONE]");

  private final HttpServer server;

  private Understudy(HttpServer server) {
    this.server = server;
  }

  static Understudy start() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(anyPort, 0);
    server.createContext("/", Understudy::answer);
    server.start();
    return new Understudy(server);
  }

  private static List<String> said(String word, String end) {
    return Stream.concat(Stream.generate(() -> word).limit(WORDS), Stream.of(end))
        .map(data -> "data: " + data + "\n\n")
        .toList();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      boolean isResponses = exchange.getRequestURI().getPath().endsWith("/responses");
      for (String event : isResponses ? RESPONSES : CHUNKS) {
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    }
  }

  /// Up to and without the interface.
  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
