package dev.gatehouse.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.GatehouseConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `config/deploy` has for supervisors is what they take, and fits what the gate does.
final class DeployFilesTest {
  private static final Path SHIPPED = Path.of("config", "deploy");
  private static final Path SYSTEMD = Path.of("/usr/bin/systemd-analyze");
  private static final Pattern VERSION =
      Pattern.compile("<artifactId>gatehouse</artifactId>\\s*<version>([^<]+)");
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private static List<JsonNode> documents(String name) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(Files.readString(SHIPPED.resolve(name)))
        .forEach(document -> documents.add(JSON.valueToTree(document)));
    return documents;
  }

  private static JsonNode ofKind(String kind) throws IOException {
    return documents("kubernetes.yaml").stream()
        .filter(document -> document.at("/kind").asString().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static Duration drainTimeout(GatehouseConfig config) {
    return config.server().drainTimeout();
  }

  @Test
  void sampleBehindAProxyIsValid() throws Exception {
    GatehouseConfig config = ConfigFile.read(SHIPPED.resolve("gatehouse.yaml"), Map.of());
    assertEquals("127.0.0.1:8080", config.server().listen().text());
    assertEquals("127.0.0.1:9090", config.admin().listen().text());
    assertFalse(config.server().trustedProxies().isEmpty());
    assertEquals("__Host-auth_token", config.cookie().name());
  }

  @Test
  void composeGivesTimeToDrainAndNothingToWrite() throws Exception {
    JsonNode compose = documents("compose.yaml").getFirst();
    JsonNode gate = compose.at("/services/gatehouse");
    assertTrue(gate.at("/read_only").asBoolean());
    assertEquals("ALL", gate.at("/cap_drop/0").asString());
    assertFalse(gate.at("/user").asString().startsWith("0"));
    assertTrue(gate.has("mem_limit"));
    String text = compose.at("/configs/gatehouse/content").asString().replace("$${", "${");
    Map<String, String> environment =
        JSON.convertValue(
            gate.at("/environment"),
            JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class));
    GatehouseConfig config = ConfigFile.parse("compose.yaml", text, environment);
    Duration grace = Duration.parse("PT" + gate.at("/stop_grace_period").asString());
    assertEquals(drainTimeout(config).plus(FAREWELL), grace);
  }

  @Test
  void containersRunTheImageAsItDoesByItself() throws Exception {
    JsonNode compose = documents("compose.yaml").getFirst().at("/services/gatehouse");
    JsonNode pod = ofKind("Deployment").at("/spec/template/spec");
    JsonNode gate = pod.at("/containers/0");
    Matcher version = VERSION.matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    assertEquals("gatehouse:" + version.group(1), compose.at("/image").asString());
    assertTrue(gate.at("/image").asString().endsWith("/" + compose.at("/image").asString()));
    String user = compose.at("/user").asString();
    String users = Files.readString(Path.of("src/dist/image/etc/passwd"));
    assertTrue(users.contains("gatehouse:x:" + user + ":"), users);
    JsonNode security = pod.at("/securityContext");
    assertEquals(user, security.at("/runAsUser").asInt() + ":" + security.at("/runAsGroup"));
    assertFalse(compose.has("command") || gate.has("command") || gate.has("args"));
    String config = compose.at("/configs/0/target").asString();
    assertEquals("/etc/gatehouse/gatehouse.yaml", config);
    assertEquals(gate.at("/volumeMounts/0/mountPath").asString() + "/gatehouse.yaml", config);
  }

  @Test
  void kubernetesProbesTheAdminPortAndGivesTimeToDrain() throws Exception {
    JsonNode pod = ofKind("Deployment").at("/spec/template/spec");
    JsonNode gate = pod.at("/containers/0");
    String text = ofKind("ConfigMap").at("/data/gatehouse.yaml").asString();
    GatehouseConfig config = ConfigFile.parse("kubernetes.yaml", text, Map.of());
    Duration pause = Duration.ofSeconds(gate.at("/lifecycle/preStop/sleep/seconds").asLong());
    assertEquals(
        pause.plus(drainTimeout(config)).plus(FAREWELL).toSeconds(),
        pod.at("/terminationGracePeriodSeconds").asLong());
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertEquals("admin", gate.at("/" + probe + "/httpGet/port").asString(), probe);
    }
    assertEquals("/readyz", gate.at("/readinessProbe/httpGet/path").asString());
    assertEquals(config.server().listen().port(), gate.at("/ports/0/containerPort").asInt());
    assertEquals(config.admin().listen().port(), gate.at("/ports/1/containerPort").asInt());
    assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean());
    assertTrue(gate.at("/securityContext/readOnlyRootFilesystem").asBoolean());
    assertFalse(gate.at("/securityContext/allowPrivilegeEscalation").asBoolean());
    assertTrue(gate.at("/resources/limits").has("memory"));
    assertEquals(1, ofKind("Service").at("/spec/ports").size());
    assertEquals("http", ofKind("Service").at("/spec/ports/0/targetPort").asString());
  }

  @Test
  void unitIsOneThatSystemdTakes() throws Exception {
    assumeTrue(Files.isExecutable(SYSTEMD), "systemd-analyze is missing, so nothing was tried");
    String unit = Files.readString(SHIPPED.resolve("gatehouse.service"));
    assertTrue(unit.contains("ExecStart=/usr/bin/gatehouse "), unit);
    String here = unit.replace("/usr/bin/gatehouse", script());
    Path file = Files.writeString(folder.resolve("gatehouse.service"), here);
    assertEquals("", said("verify", "--man=no", file.toString()));
  }

  @Test
  void unitExposesLittle() throws Exception {
    assumeTrue(Files.isExecutable(SYSTEMD), "systemd-analyze is missing, so nothing was tried");
    String unit = SHIPPED.resolve("gatehouse.service").toString();
    String said = said("security", "--offline=true", "--threshold=15", "--no-pager", unit);
    assertTrue(said.contains("Overall exposure level"), said);
  }

  private static String script() {
    return Path.of("src/dist/bin/gatehouse").toAbsolutePath().toString();
  }

  /// What the program says of a unit that it finds nothing wrong with.
  private static String said(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(SYSTEMD.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
