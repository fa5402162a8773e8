package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.store.Databases;
import dev.gatehouse.agent.store.StoreSettings;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged program as an agent of its own.
final class AgentIT {
  private static final String READER = RunningAgent.READER;
  private static final String EDITOR = RunningAgent.EDITOR;
  private static final String READY = "agent ready on ";
  private static final int STARTS = 3;

  @TempDir private Path folder;
  private final AgentIssuer issuer = new AgentIssuer();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    http.close();
    issuer.close();
  }

  private Program start(StoreSettings store) throws IOException {
    return Program.start(folder, "agent", "--config", config(store, "").toString());
  }

  /// @param more sections
  private Path config(StoreSettings store, String more) throws IOException {
    Path config = folder.resolve("agent.yaml");
    String storage = store.user().map(user -> ", user: " + user).orElse("");
    Files.writeString(
        config,
        """
        listen: 127.0.0.1:0
        auth: {issuer: '%s', jwks-uri: '%s', audience: %s}
        store: {url: '%s'%s}
        %s
        """
            .formatted(
                AgentIssuer.ISSUER,
                issuer.jwksUri(),
                AgentIssuer.AUDIENCE,
                store.url(),
                storage,
                more));
    return config;
  }

  private static URI address(Program program) throws InterruptedException {
    String line = program.nextLine();
    assertTrue(line.startsWith(READY), line);
    return URI.create(line.substring(READY.length()));
  }

  private static HttpRequest post(URI agent, String token, String body) {
    return HttpRequest.newBuilder(agent.resolve("/chatkit"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> send(URI agent, String token, String body) throws Exception {
    return http.send(post(agent, token, body), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode lookup(URI agent, String token, String body) throws Exception {
    HttpResponse<String> answer = send(agent, token, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return JsonMapper.shared().readTree(answer.body());
  }

  private Stream<String> events(URI agent, String body) throws Exception {
    return http.send(post(agent, READER, body), HttpResponse.BodyHandlers.ofLines()).body();
  }

  /// Asks in a new thread, waits for the whole answer, and returns the thread's id.
  private String ask(URI agent, String question) throws Exception {
    try (Stream<String> whole = events(agent, Asking.create(question))) {
      String created = whole.toList().getFirst();
      return JsonMapper.shared()
          .readTree(created.substring("data: ".length()))
          .at("/thread/id")
          .stringValue();
    }
  }

  private static String first(Iterator<String> lines, String what) {
    String line = lines.next();
    while (!line.contains(what)) {
      line = lines.next();
    }
    return line;
  }

  @ParameterizedTest
  @EnumSource
  void whatWasAnnouncedSurvivesAKillAndTheNextTurnKnowsIt(Databases kind) throws Exception {
    StoreSettings store = kind.fresh(folder);
    String thread;
    try (Program program = start(store)) {
      URI agent = address(program);
      thread = ask(agent, "Is this a canary?");
      Iterator<String> broken = events(agent, Asking.add(thread, "How does this work?")).iterator();
      first(broken, "text_delta");
      program.kill();
    }
    try (Program program = start(store)) {
      URI agent = address(program);
      JsonNode items = lookup(agent, READER, Asking.byId(thread)).at("/items/data");
      assertEquals("Is this a canary?", items.at("/0/content/0/text").stringValue());
      assertEquals("assistant_message", items.at("/1/type").stringValue());
      assertEquals("How does this work?", items.at("/2/content/0/text").stringValue());
      assertEquals(3, items.size(), "what was never announced as done is not half there");
      try (Stream<String> lines = events(agent, Asking.add(thread, "What did I ask before?"))) {
        String answer = first(lines.iterator(), "content_part.done");
        assertTrue(answer.contains("Is this a canary?"), answer);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void conversationIsItsOwnersAndGoneOnceItIsDeleted(Databases kind) throws Exception {
    StoreSettings store = kind.fresh(folder);
    String thread;
    try (Program program = start(store)) {
      URI agent = address(program);
      thread = ask(agent, "Is this a canary?");
      assertEquals(0, lookup(agent, EDITOR, Asking.threads("")).at("/data").size());
      assertEquals(404, send(agent, EDITOR, Asking.byId(thread)).statusCode());
      assertEquals(404, send(agent, EDITOR, Asking.delete(thread)).statusCode());
      assertEquals(1, lookup(agent, READER, Asking.threads("")).at("/data").size());
      lookup(agent, READER, Asking.delete(thread));
      program.kill();
    }
    try (Program program = start(store)) {
      URI agent = address(program);
      assertEquals(0, lookup(agent, READER, Asking.threads("")).at("/data").size());
      assertEquals(404, send(agent, READER, Asking.byId(thread)).statusCode());
    }
    assertEquals(0, rows(store, "threads"));
    assertEquals(0, rows(store, "items"));
  }

  private static int rows(StoreSettings store, String table) throws SQLException {
    try (Connection connection = Databases.connect(store);
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
      assertTrue(count.next());
      return count.getInt(1);
    }
  }

  /// With a model behind it, because the offline one takes its time between words. What others do
  /// to the machine only ever makes a first turn look worse, so that one good start is enough.
  @ParameterizedTest
  @EnumSource
  void firstTurnIsNotThreeTimesSlowerThanTheFollowing(Databases kind) throws Exception {
    List<Double> ratios = new ArrayList<>();
    try (ScriptedUpstream model = ScriptedUpstream.forgetting((_, wire) -> answer(wire))) {
      String more = "model: {url: '%s', name: m}".formatted(model.uri().resolve("/v1"));
      while (ratios.size() < STARTS && ratios.stream().noneMatch(AgentIT::isGood)) {
        String config = config(kind.fresh(folder), more).toString();
        try (Program program = Program.start(List.of(), folder, "agent", "--config", config)) {
          ratios.add(ratio(address(program), model.uri()));
        }
      }
    }
    System.out.println("first turn to the median, " + kind + ": " + ratios);
    assertTrue(ratios.stream().anyMatch(AgentIT::isGood), ratios::toString);
  }

  private static boolean isGood(double ratio) {
    return ratio < 3;
  }

  private static void answer(Wire wire) throws IOException {
    String word =
        "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"a \"}\n\n";
    wire.send(ScriptedUpstream.eventStream());
    wire.sendChunk(word.repeat(20));
    wire.sendChunk("data: {\"type\":\"response.completed\"}\n\n");
    wire.sendLastChunk();
  }

  /// The first turn to the median of the next hundred. The client and the model are warm by then:
  /// they were asked for other things before.
  private double ratio(URI agent, URI model) throws Exception {
    for (int i = 0; i < 200; i++) {
      HttpRequest health = HttpRequest.newBuilder(agent.resolve("/healthz")).build();
      http.send(health, HttpResponse.BodyHandlers.ofString());
      HttpRequest words = HttpRequest.newBuilder(model).build();
      http.send(words, HttpResponse.BodyHandlers.ofString());
    }
    long first = taken(agent);
    List<Long> next = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      next.add(taken(agent));
    }
    Collections.sort(next);
    return (double) first / next.get(next.size() / 2);
  }

  private long taken(URI agent) throws Exception {
    HttpRequest question = post(agent, READER, Asking.create("Hi"));
    long start = System.nanoTime();
    HttpResponse<String> answer = http.send(question, HttpResponse.BodyHandlers.ofString());
    long taken = System.nanoTime() - start;
    assertTrue(answer.body().contains("thread.updated"), answer.body());
    return taken;
  }

  @Test
  void configurationThatIsWrongIsAllSaidAtOnce() throws Exception {
    Path config = folder.resolve("wrong.yaml");
    Files.writeString(config, "auth: {issuer: a}\nhistory: 1\n");
    try (Program program = Program.start(folder, "agent", "--config", config.toString())) {
      assertEquals(2, program.exitCode());
    }
  }
}
