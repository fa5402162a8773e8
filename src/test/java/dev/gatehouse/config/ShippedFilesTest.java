package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShippedFilesTest {
  private static final Path SAMPLE = Path.of("config", "gatehouse.yaml");
  private static final Set<String> INLINE =
      Set.of(
          "certificate",
          "key",
          "keystore",
          "password",
          "issuers",
          "introspection",
          "endpoint",
          "client-id",
          "client-secret",
          "authentication",
          "cache",
          "encryption",
          "keys",
          "id",
          "accept-plain");

  @Test
  void sampleFileGivesTheDefaults() throws ConfigException {
    GatehouseConfig sample = ConfigFile.read(SAMPLE, Map.of());
    assertEquals(
        new GatehouseConfig(
            ServerConfig.DEFAULTS,
            AdminConfig.DEFAULTS,
            CookieConfig.DEFAULTS,
            AuthConfig.of("https://id.example.com", Set.of("agent-api")),
            CrossSiteConfig.DEFAULTS,
            AuditConfig.DEFAULTS,
            TelemetryConfig.DEFAULTS,
            List.of(
                RouteConfig.of(
                    "/api/chatkit",
                    URI.create("http://127.0.0.1:8000/chatkit"),
                    ProtocolName.CHATKIT)),
            ChatKitConfig.DEFAULTS,
            Optional.of(Path.of("webapp"))),
        sample);
  }

  @Test
  void sampleFileShowsEveryKey() throws IOException {
    List<String> lines = Files.readAllLines(SAMPLE);
    for (String key : keys(GatehouseConfig.class)) {
      String shown = "\\s*(- )?#?" + key + ":.*";
      boolean inline = INLINE.contains(key);
      assertTrue(
          lines.stream().anyMatch(l -> inline ? l.contains(key + ": ") : l.matches(shown)), key);
    }
  }

  @Test
  void settingsCommentedOutInTheSampleAreValidToo() throws IOException, ConfigException {
    String text = Files.readString(SAMPLE).replaceAll("(?m)^( *)#([a-z])", "$1$2");
    GatehouseConfig config =
        ConfigFile.parse("gatehouse.yaml", text, Map.of("GATEHOUSE_AUDIT_KEY", "k".repeat(32)));
    assertTrue(config.server().tls().isPresent());
    assertTrue(config.auth().issuers().getFirst().jwksUri().isPresent());
    assertTrue(config.audit().key().isPresent());
    assertTrue(config.telemetry().traces().isPresent());
    assertTrue(config.routes().getFirst().context().targets().isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gatehouse.yaml", "agent.yaml"})
  void everySettingOfTheSampleIsExplained(String name) throws IOException {
    String above = "";
    for (String line : Files.readAllLines(Path.of("config", name))) {
      boolean setting = line.matches(" *(- )?#?(- )?[a-z-]+: .+");
      assertTrue(!setting || above.matches(" *# .*"), line);
      above = line;
    }
  }

  @Test
  void protocolsFileHasARouteForEachOfThem() throws ConfigException {
    GatehouseConfig config = ConfigFile.read(Path.of("config", "protocols.yaml"), Map.of());
    assertEquals(
        Set.of(ProtocolName.values()),
        config.routes().stream().map(RouteConfig::protocol).collect(Collectors.toSet()));
  }

  @Test
  void demoFileTakesItsAddressesFromTheEnvironment() throws IOException, ConfigException {
    GatehouseConfig demo =
        ConfigFile.parse(
            "config/demo.yaml",
            demoText(),
            Map.of(
                "GATEHOUSE_DEMO_PORT", "8123",
                "GATEHOUSE_DEMO_ISSUER", "http://127.0.0.1:1111",
                "GATEHOUSE_DEMO_AGENT", "http://127.0.0.1:2222"));
    assertEquals(new ListenAddress("127.0.0.1", 8123), demo.server().listen());
    assertEquals(new ListenAddress("127.0.0.1", 0), demo.admin().listen());
    assertEquals("http://127.0.0.1:1111", issuer(demo).issuer());
    assertEquals(Set.of("demo-agent"), issuer(demo).audience());
    assertEquals(ChatKitConfig.DEFAULTS, demo.chatkit());
    assertEquals(
        List.of("http://127.0.0.1:2222/chatkit", "http://127.0.0.1:2222/files"),
        demo.routes().stream().map(route -> route.upstream().toString()).toList());
  }

  private static IssuerConfig issuer(GatehouseConfig config) {
    return config.auth().issuers().getFirst();
  }

  private static String demoText() throws IOException {
    try (var resource = ShippedFilesTest.class.getResourceAsStream("/config/demo.yaml")) {
      return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> keys(Class<?> type) {
    List<String> keys = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      keys.add(component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
      Class<?> inner = innermost(component.getGenericType());
      if (inner.isSealed()) {
        Stream.of(inner.getPermittedSubclasses()).map(ShippedFilesTest::keys).forEach(keys::addAll);
      }
      if (inner.isRecord() && inner.getSimpleName().endsWith("Config")) {
        keys.addAll(keys(inner));
      }
    }
    return keys;
  }

  private static Class<?> innermost(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> innermost(generic.getActualTypeArguments()[0]);
      default -> Object.class;
    };
  }
}
