package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgentConfigTest {
  private static final Path SAMPLE = Path.of("config", "agent.yaml");
  private static final String UNKNOWN = "no-such-key-anywhere";
  private static final String LEAST =
      "auth: {issuer: 'https://id.example.com', jwks-uri: 'https://id.example.com/keys', audience:"
          + " a}\n";

  @TempDir private Path folder;

  private AgentConfig read(String text) throws IOException, ConfigException {
    return ConfigFile.readAgent(Files.writeString(folder.resolve("agent.yaml"), text), Map.of());
  }

  private String refusal(String text) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(text));
    assertEquals(1, e.problems().size(), e.getMessage());
    return e.problems().getFirst().key() + ": " + e.problems().getFirst().cure();
  }

  @Test
  void leastThereIsToSayGivesTheDefaults() throws Exception {
    AgentConfig config = read(LEAST);
    assertEquals("127.0.0.1:8000", config.listen().text());
    assertEquals(Optional.empty(), config.model());
    assertEquals(AgentConfig.Store.DEFAULTS, config.store());
    assertEquals(AgentConfig.Files.DEFAULTS, config.files());
    assertEquals(List.of(), config.tools());
    assertEquals(50, config.historyItems());
  }

  @Test
  void everySettingIsRead() throws Exception {
    AgentConfig config =
        read(
            LEAST
                + """
                listen: 127.0.0.1:9000
                history-items: 7
                model:
                  url: https://models.example.com/v1
                  api: chat-completions
                  name: small
                  key: k-1
                  instructions: Be brief.
                  silence: 5s
                  timeout: 90s
                store: {url: 'jdbc:postgresql://db/agent', user: u, password: p, retention: 24h}
                files: {directory: f, max-size: 1MiB, public-url: 'https://chat.example.com/x'}
                tools:
                  - {name: one, url: 'https://one.example.com/mcp', token: forward, timeout: 3s}
                  - {name: two, url: 'http://two.example.com/mcp', token: none}
                  - name: three
                    url: https://three.example.com/mcp
                    token: exchange
                    exchange:
                      token-endpoint: https://id.example.com/token
                      client-id: agent
                      client-secret: s
                      audience: https://three.example.com
                      scopes: [a, b]
                """);
    assertEquals(7, config.historyItems());
    assertEquals(
        new AgentConfig.Model(
            URI.create("https://models.example.com/v1"),
            AgentConfig.Model.Api.CHAT_COMPLETIONS,
            "small",
            Optional.of(new Secret("k-1")),
            "Be brief.",
            Duration.ofSeconds(5),
            Duration.ofSeconds(90)),
        config.model().orElseThrow());
    assertEquals(
        new AgentConfig.Store(
            "jdbc:postgresql://db/agent",
            Optional.of("u"),
            Optional.of(new Secret("p")),
            Duration.ofHours(24)),
        config.store());
    assertEquals(
        new AgentConfig.Files(
            Path.of("f"), 1024 * 1024, Optional.of(URI.create("https://chat.example.com/x"))),
        config.files());
    assertEquals(Duration.ofSeconds(3), config.tools().getFirst().timeout());
    assertEquals(
        List.of(
            new AgentConfig.Token.Forward(),
            new AgentConfig.Token.None(),
            new AgentConfig.Token.Exchange(
                URI.create("https://id.example.com/token"),
                "agent",
                new Secret("s"),
                "https://three.example.com",
                List.of("a", "b"))),
        config.tools().stream().map(AgentConfig.Tools::token).toList());
    assertFalse(config.toString().contains("k-1"));
  }

  @Test
  void keyThatTheEnvironmentLeavesEmptyIsNone() throws Exception {
    AgentConfig config =
        read(LEAST + "model: {url: 'http://models.example.com/v1', name: m, key: '${NONE:-}'}\n");
    assertEquals(Optional.empty(), config.model().orElseThrow().key());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model: {url: 'http://m.example.com', name: m, key: k}                 | model.url: must be an https URL
          model: {url: 'https://m.example.com', name: ' '}                      | model.name: must not be empty
          model: {url: 'https://m.example.com', name: m, api: chat}             | model.api: unknown value 'chat'
          model: {url: 'https://m.example.com', name: m, silence: 0s}           | model.silence: must be more than 0s
          model: {url: 'https://m.example.com', name: m, timeout: 0s}           | model.timeout: must be more than 0s
          store: {url: 'jdbc:h2:mem'}                                           | store.url: must be jdbc:sqlite:FILE
          store: {url: 'jdbc:postgresql://h/d?password=x'}                      | store.url: must not hold the password
          files: {max-size: 0}                                                  | files.max-size: must be more than 0
          files: {public-url: 'https://a.example.com/'}                         | files.public-url: must not end with a slash
          tools: []                                                             | tools: must have at least one item
          tools: [{name: A, url: 'https://a.example.com', token: none}]         | tools[0].name: must be 1 to 20
          tools: [{name: a, url: 'https://a.example.com'}]                      | tools[0]: needs the key token
          tools: [{name: a, url: 'http://a.example.com', token: forward}]       | tools[0].url: must be an https URL
          tools: [{name: a, url: 'https://a.example.com', token: exchange}]     | tools[0]: needs the key exchange
          tools: [{name: a, url: 'https://a.example.com', token: none, exchange: {}}] | tools[0].exchange: belongs to token: exchange
          history-items: 1001                                                   | history-items: must be at most 1000
          histry-items: 10                                                      | histry-items: unknown key
          """)
  void whatCannotBeMeantIsRefused(String line, String problem) {
    String refusal = refusal(LEAST + line + "\n");
    assertTrue(refusal.startsWith(problem), refusal);
  }

  @Test
  void withoutAnIssuerNobodyCouldBeBelieved() {
    assertEquals(": needs the key auth", refusal("listen: 127.0.0.1:1\n"));
  }

  @Test
  void sampleFileGivesTheDefaults() throws Exception {
    assertEquals(
        new AgentConfig(
            new ListenAddress("127.0.0.1", 8000),
            new AgentConfig.Trust(
                "https://id.example.com",
                URI.create("https://id.example.com/.well-known/jwks.json"),
                "agent-api"),
            Optional.empty(),
            AgentConfig.Store.DEFAULTS,
            AgentConfig.Files.DEFAULTS,
            List.of(),
            AgentConfig.HISTORY_ITEMS,
            AgentConfig.TURNS_PER_PERSON),
        ConfigFile.readAgent(SAMPLE, Map.of()));
  }

  @Test
  void settingsCommentedOutInTheSampleAreTheDefaultsToo() throws Exception {
    AgentConfig config = AgentReader.agent(new Section("", whole().values(), new Problems("")));
    AgentConfig.Model model = config.model().orElseThrow();
    assertEquals(AgentConfig.Model.Api.RESPONSES, model.api());
    assertEquals(AgentConfig.Model.INSTRUCTIONS, model.instructions());
    assertEquals(AgentConfig.Model.SILENCE, model.silence());
    assertEquals(AgentConfig.Tools.TIMEOUT, config.tools().getFirst().timeout());
  }

  /// Which keys a section has is told when one in it is unknown.
  @Test
  void sampleFileShowsEveryKey() throws Exception {
    Value.Members whole = whole();
    Problems problems = new Problems("agent.yaml");
    AgentReader.agent(new Section("", misspelt(whole).values(), problems));
    Map<String, Set<String>> known = new HashMap<>();
    for (ConfigProblem problem : problems.exception().problems()) {
      String keys = problem.cure().replace("unknown key, use one of: ", "");
      known.put(problem.key().replaceAll("\\.?" + UNKNOWN, ""), Set.of(keys.split(", ")));
    }
    Map<String, Set<String>> shown = new HashMap<>();
    collect("", whole, shown);
    assertEquals(known, shown);
  }

  /// The sample with what is commented out in it.
  private static Value.Members whole() throws IOException, ConfigException {
    Environment environment =
        new Environment(
            Map.of("MODEL_NAME", "m", "STORE_PASSWORD", "p", "TOOLS_CLIENT_SECRET", "s"));
    Problems problems = new Problems("agent.yaml");
    String text = Files.readString(SAMPLE).replaceAll("(?m)^( *)#([a-z-])", "$1$2");
    Value.Members whole = YamlText.read(text, environment, problems);
    problems.raise();
    return whole;
  }

  private static Value.Members misspelt(Value.Members section) {
    Map<String, Value> values = new LinkedHashMap<>();
    section.values().forEach((key, value) -> values.put(key, misspelt(value)));
    values.put(UNKNOWN, new Value.Text("", false));
    return new Value.Members(values);
  }

  private static Value misspelt(Value value) {
    return switch (value) {
      case Value.Members section -> misspelt(section);
      case Value.Items(List<Value> items) ->
          new Value.Items(items.stream().map(AgentConfigTest::misspelt).toList());
      case Value.Text _, Value.Broken _ -> value;
    };
  }

  private static void collect(String key, Value value, Map<String, Set<String>> keys) {
    switch (value) {
      case Value.Members(Map<String, Value> values) -> {
        keys.put(key, values.keySet());
        values.forEach(
            (name, inner) -> collect(key.isEmpty() ? name : key + "." + name, inner, keys));
      }
      case Value.Items(List<Value> items) -> {
        for (int i = 0; i < items.size(); i++) {
          collect(key + "[" + i + "]", items.get(i), keys);
        }
      }
      case Value.Text _, Value.Broken _ -> {
        // has no keys
      }
    }
  }
}
