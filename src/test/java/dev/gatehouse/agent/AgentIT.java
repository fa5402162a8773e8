package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged program as an agent of its own.
final class AgentIT {
  private static final String READER = RunningAgent.READER;
  private static final String READY = "agent ready on ";
  private static final int STARTS = 5;

  @TempDir private Path folder;
  private final AgentIssuer issuer = new AgentIssuer();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    http.close();
    issuer.close();
  }

  private Program start() throws IOException {
    Path config = folder.resolve("agent.yaml");
    Files.writeString(
        config,
        """
        listen: 127.0.0.1:0
        auth: {issuer: '%s', jwks-uri: '%s', audience: %s}
        """
            .formatted(AgentIssuer.ISSUER, issuer.jwksUri(), AgentIssuer.AUDIENCE));
    return Program.start(folder, "agent", "--config", config.toString());
  }

  private static URI address(Program program) throws InterruptedException {
    String line = program.nextLine();
    assertTrue(line.startsWith(READY), line);
    return URI.create(line.substring(READY.length()));
  }

  private HttpRequest post(URI agent, String body) {
    return HttpRequest.newBuilder(agent.resolve("/chatkit"))
        .header("Authorization", "Bearer " + READER)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private JsonNode lookup(URI agent, String body) throws Exception {
    HttpResponse<String> answer =
        http.send(post(agent, body), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return JsonMapper.shared().readTree(answer.body());
  }

  private Stream<String> events(URI agent, String body) throws Exception {
    return http.send(post(agent, body), HttpResponse.BodyHandlers.ofLines()).body();
  }

  private static String first(Iterator<String> lines, String what) {
    String line = lines.next();
    while (!line.contains(what)) {
      line = lines.next();
    }
    return line;
  }

  @Test
  void whatWasAnnouncedSurvivesAKillAndTheNextTurnKnowsIt() throws Exception {
    String thread;
    try (Program program = start()) {
      URI agent = address(program);
      try (Stream<String> whole = events(agent, Asking.create("Is this a canary?"))) {
        String created = whole.toList().getFirst();
        thread =
            JsonMapper.shared()
                .readTree(created.substring("data: ".length()))
                .at("/thread/id")
                .stringValue();
      }
      Iterator<String> broken = events(agent, Asking.add(thread, "How does this work?")).iterator();
      first(broken, "text_delta");
      program.kill();
    }
    try (Program program = start()) {
      URI agent = address(program);
      JsonNode items = lookup(agent, Asking.byId(thread)).at("/items/data");
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

  @Test
  void firstRequestIsNotThreeTimesSlowerThanTheFollowing() throws Exception {
    List<Double> ratios = new ArrayList<>();
    while (ratios.size() < STARTS && ratios.stream().noneMatch(ratio -> ratio < 3)) {
      try (Program program = start()) {
        ratios.add(ratio(address(program)));
      }
    }
    assertTrue(Collections.min(ratios) < 3, ratios::toString);
  }

  /// The first request to the median of the next hundred. The client is warm by then: it asked for
  /// health before.
  private double ratio(URI agent) throws Exception {
    for (int i = 0; i < 200; i++) {
      http.send(
          HttpRequest.newBuilder(agent.resolve("/healthz")).build(),
          HttpResponse.BodyHandlers.ofString());
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
    long start = System.nanoTime();
    lookup(agent, Asking.threads(""));
    return System.nanoTime() - start;
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
