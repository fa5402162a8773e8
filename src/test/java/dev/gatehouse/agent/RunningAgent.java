package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.Transcriber;
import dev.gatehouse.agent.files.FileSettings;
import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.TrustSettings;
import dev.gatehouse.agent.mcp.ToolServer;
import dev.gatehouse.agent.offline.OfflineResponder;
import dev.gatehouse.agent.store.Store;
import dev.gatehouse.agent.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An agent on a free port with an issuer of its own, and what a client does with it.
final class RunningAgent implements AutoCloseable {
  static final String READER = AgentIssuer.token("reader", "Test Reader");
  static final String EDITOR = AgentIssuer.token("editor", "Test Editor");
  static final int HISTORY_ITEMS = 50;
  static final int TURNS_PER_PERSON = 12;
  private static final long MOST_BYTES = 1024 * 1024;
  private static final MediaType JSON_TYPE = MediaType.get("application/json");
  private static final JsonMapper JSON = JsonMapper.shared();

  final AgentIssuer issuer = new AgentIssuer();
  final OkHttpClient http =
      new OkHttpClient.Builder()
          .retryOnConnectionFailure(false)
          .readTimeout(Duration.ofMinutes(1)) // on a busy machine hundreds take a while
          .build();
  final Path data;
  private final AgentServer server;

  private RunningAgent(Responder responder, Optional<Transcriber> transcriber, Path data) {
    this(responder, transcriber, data, Patience.USUAL, List.of());
  }

  private RunningAgent(
      Responder responder,
      Optional<Transcriber> transcriber,
      Path data,
      Patience patience,
      List<ToolServer> servers) {
    this.data = data;
    AgentSettings settings = settings(issuer, data, servers);
    try {
      server =
          AgentServer.start(
              settings, BearerCheck.of(settings.trust()), responder, transcriber, patience);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RunningAgent start() {
    return with(new OfflineResponder(Duration.ZERO));
  }

  static RunningAgent with(Responder responder) {
    return new RunningAgent(responder, Optional.empty(), freshFolder());
  }

  /// One that waits for others as long as is said.
  static RunningAgent with(Responder responder, Patience patience) {
    return new RunningAgent(responder, Optional.empty(), freshFolder(), patience, List.of());
  }

  /// One with the tools of a server.
  static RunningAgent with(Responder responder, ToolServer server) {
    return new RunningAgent(
        responder, Optional.empty(), freshFolder(), Patience.USUAL, List.of(server));
  }

  /// One that can be dictated to.
  static RunningAgent hearing(Transcriber transcriber) {
    return new RunningAgent(
        new OfflineResponder(Duration.ZERO), Optional.of(transcriber), freshFolder());
  }

  /// The same data under another agent.
  static RunningAgent on(Path data) {
    return new RunningAgent(new OfflineResponder(Duration.ZERO), Optional.empty(), data);
  }

  /// A folder that goes with the process.
  static Path freshFolder() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "agent");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AgentSettings settings(AgentIssuer issuer, Path data, List<ToolServer> servers) {
    return new AgentSettings(
        "127.0.0.1",
        0,
        new TrustSettings(AgentIssuer.ISSUER, issuer.jwksUri(), AgentIssuer.AUDIENCE),
        storage(data),
        new FileSettings(data.resolve("files"), MOST_BYTES, Optional.empty()),
        servers,
        HISTORY_ITEMS,
        TURNS_PER_PERSON,
        false);
  }

  private static StoreSettings storage(Path data) {
    return new StoreSettings(
        "jdbc:sqlite:" + data.resolve("agent.db"),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO);
  }

  /// The agent's own database, opened beside it.
  Store store() {
    try {
      return Store.open(storage(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A request builder for a path, without a token.
  Request.Builder request(String path) {
    return new Request.Builder().url(server.uri() + path);
  }

  Request chatKit(String token, String body) {
    return request("/chatkit")
        .header("Authorization", "Bearer " + token)
        .post(RequestBody.create(body, JSON_TYPE))
        .build();
  }

  Answer send(Request request) {
    try (Response response = http.newCall(request).execute()) {
      return new Answer(response, response.body().string());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer post(String token, String body) {
    return send(chatKit(token, body));
  }

  /// The answer of a lookup that is expected to work.
  JsonNode lookup(String token, String body) {
    Answer answer = post(token, body);
    assertEquals(200, answer.status(), answer.body());
    assertEquals("application/json", answer.header("Content-Type"));
    return answer.json();
  }

  /// The events of a streaming operation.
  List<JsonNode> stream(String token, String body) {
    Answer answer = post(token, body);
    assertEquals(200, answer.status(), answer.body());
    return answer.events();
  }

  /// Asks in a new thread and returns the thread's id.
  String ask(String token, String question) {
    return stream(token, Asking.create(question)).getFirst().at("/thread/id").stringValue();
  }

  /// Ends the agent as a signal would.
  void drain() {
    server.drain();
  }

  @Override
  public void close() {
    server.close();
    issuer.close();
    http.dispatcher().executorService().close();
    http.connectionPool().evictAll();
  }

  /// A whole response.
  record Answer(Response response, String body) {

    int status() {
      return response.code();
    }

    String header(String name) {
      return response.headers().values(name).stream().findFirst().orElse("");
    }

    JsonNode json() {
      return JSON.readTree(body);
    }

    List<JsonNode> events() {
      assertEquals("text/event-stream", header("Content-Type"));
      assertTrue(body.endsWith("\n\n"), "the last frame is complete");
      return Stream.of(body.split("\n\n", -1))
          .filter(frame -> !frame.isEmpty())
          .map(frame -> JSON.readTree(frame.substring("data: ".length())))
          .toList();
    }

    void assertRefused(int status) {
      assertEquals(status, status(), body);
      assertEquals("application/problem+json", header("Content-Type"));
      assertEquals("no-store", header("Cache-Control"));
      assertEquals(status, json().at("/status").intValue());
      assertTrue(json().at("/message").isString(), body);
      assertEquals(json().at("/message"), json().at("/detail"));
    }
  }
}
