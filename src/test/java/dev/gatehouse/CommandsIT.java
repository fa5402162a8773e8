package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the packaged program says and with which code it ends, short of serving.
final class CommandsIT {
  @TempDir private Path folder;

  private record Outcome(int code, String out, String err) {
    Outcome {
      for (String text : List.of(out, err)) {
        assertFalse(text.contains("\tat "), text);
        assertFalse(text.contains("Exception"), text);
      }
    }
  }

  private Outcome run(String... arguments) throws Exception {
    try (Program program = Program.start(folder, arguments)) {
      int code = program.exitCode();
      return new Outcome(code, String.join("\n", program.out()), String.join("\n", program.err()));
    }
  }

  private String config(String name, String... lines) throws Exception {
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return name;
  }

  private String config(URI issuer, URI upstream, String listen) throws Exception {
    return config(
        "gate.yaml",
        "server: {listen: '" + listen + "'}",
        "admin: {listen: '127.0.0.1:0'}",
        "auth: {issuer: '" + issuer + "', audience: [agent-api]}",
        "routes:",
        "  - {path: /api/chatkit, upstream: '" + upstream + "'}");
  }

  @Test
  void versionIsTheOneOfTheBuild() throws Exception {
    Outcome outcome = run("--version");
    assertEquals(0, outcome.code());
    assertTrue(outcome.out().matches("gatehouse [0-9]+\\.[0-9]+\\.[0-9]+.*"), outcome.out());
  }

  @ParameterizedTest
  @CsvSource({
    "--help, Usage: gatehouse",
    "serve --help, Usage: gatehouse serve",
    "demo --help, Usage: gatehouse demo",
    "check --help, Usage: gatehouse check",
    "cookie --help, Usage: gatehouse cookie",
    "cookie seal --help, Usage: gatehouse cookie seal"
  })
  void everyCommandHasHelp(String arguments, String usage) throws Exception {
    Outcome outcome = run(arguments.split(" "));
    assertEquals(0, outcome.code());
    assertTrue(outcome.out().startsWith(usage), outcome.out());
    assertEquals("", outcome.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sevre",
        "serve --confg x",
        "serve x",
        "check --port 1",
        "cookie",
        "cookie seal a-token",
        "demo --port x",
        "demo --port 65536",
        "demo --port -1"
      })
  void wrongUsageIsExplained(String arguments) throws Exception {
    Outcome outcome = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertEquals(2, outcome.code());
    assertFalse(outcome.err().isEmpty());
    assertEquals("", outcome.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "check"})
  void badConfigurationIsExplainedByFileLineAndKey(String command) throws Exception {
    String file =
        config(
            "bad.yaml",
            "server:",
            "  lisen: 127.0.0.1:0",
            "auth: {issuer: 'https://id.example.com', audience: [a]}",
            "routes:",
            "  - path: /api/chatkit",
            "    upstream: ftp://agent");
    Outcome outcome = run(command, "--config", file);
    assertEquals(2, outcome.code());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains("bad.yaml:2: server.lisen: "), outcome.err());
    assertTrue(outcome.err().contains("did you mean 'listen'"), outcome.err());
    assertTrue(outcome.err().contains("bad.yaml:6: routes[0].upstream: "), outcome.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "check"})
  void missingConfigurationIsNamed(String command) throws Exception {
    Outcome named = run(command, "--config", "nowhere.yaml");
    assertEquals(2, named.code());
    assertTrue(named.err().startsWith("nowhere.yaml: "), named.err());
    assertEquals(named, run(command, "--config=nowhere.yaml"), "however it is spelled");
    Outcome unnamed = run(command);
    assertEquals(2, unnamed.code());
    assertTrue(unnamed.err().contains("gatehouse.yaml"), unnamed.err());
  }

  @Test
  void takenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Outcome serve =
          run(
              "serve",
              "--config",
              config(URI.create("http://127.0.0.1:1"), URI.create("http://127.0.0.1:1"), address));
      assertEquals(3, serve.code());
      assertTrue(serve.err().contains(address), serve.err());
      assertEquals("", serve.out());
      Outcome demo = run("demo", "--port", Integer.toString(taken.getLocalPort()));
      assertEquals(3, demo.code());
      assertTrue(demo.err().contains(address), demo.err());
      assertTrue(demo.err().contains("try --port 0"), demo.err());
    }
  }

  @Test
  void unusableDataFolderIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("no-folder"), "");
    Outcome demo = run("demo", "--port", "0", "--data", file.toString());
    assertEquals(3, demo.code());
    assertEquals("gatehouse: " + file + " cannot be used (file already exists)", demo.err());
    assertEquals("", demo.out());
  }

  @Test
  void databaseThatIsNoneIsNamed() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.createDirectory(data.resolve("agent.db"));
    Outcome demo = run("demo", "--port", "0", "--data", data.toString());
    assertEquals(3, demo.code());
    assertTrue(demo.err().contains(data.resolve("agent.db").toString()), demo.err());
    assertFalse(demo.err().contains("port"), demo.err());
  }

  @Test
  void unusableFolderForAttachmentsIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("no-folder"), "");
    String config =
        config(
            "agent.yaml",
            "listen: 127.0.0.1:0",
            "auth: {issuer: a, jwks-uri: 'http://127.0.0.1:1/', audience: a}",
            "files: {directory: '" + file + "'}");
    Outcome agent = run("agent", "--config", config);
    assertEquals(3, agent.code());
    assertTrue(agent.err().contains("gatehouse: " + file), agent.err());
    assertTrue(agent.err().endsWith(" cannot be used (Not a directory)"), agent.err());
  }

  @Test
  void unknownHostCanNotBeBound() throws Exception {
    URI any = URI.create("http://127.0.0.1:1");
    assertEquals(3, run("serve", "--config", config(any, any, "no-host.invalid:0")).code());
  }

  @Test
  void checkOfWhatWorksEndsWell() throws Exception {
    try (TestIssuer issuer = TestIssuer.start();
        ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}")) {
      String file = config(URI.create(issuer.issuer()), upstream.uri(), "127.0.0.1:0");
      Outcome outcome = run("check", "--config", file);
      assertEquals(0, outcome.code());
      assertEquals("✓ gatehouse ready", outcome.out().lines().toList().getLast());
      assertTrue(outcome.out().lines().allMatch(line -> line.startsWith("✓ ")), outcome.out());
    }
  }

  @Test
  void checkOfWhatDoesNotWorkNamesCures() throws Exception {
    try (TestIssuer issuer = TestIssuer.start()) {
      URI nobody = URI.create("http://127.0.0.1:1/chatkit");
      String file = config(URI.create(issuer.issuer()), nobody, "127.0.0.1:0");
      Outcome outcome = run("check", "--config", file);
      assertEquals(1, outcome.code());
      assertTrue(outcome.out().contains("✗ route /api/chatkit: "), outcome.out());
      assertTrue(outcome.out().lines().toList().getLast().startsWith("✗ "), outcome.out());
      assertFalse(outcome.out().contains("✓ gatehouse ready"));
    }
  }

  @Test
  void olderJavaIsToldWhatIsMissing() throws Exception {
    Optional<Path> older = javaOnThePath().filter(java -> feature(java) < 25);
    assumeTrue(older.isPresent(), "no older Java on this machine");
    try (Program program = Program.start(older.orElseThrow(), folder, "--version")) {
      assertEquals(2, program.exitCode());
      String said = String.join("\n", program.err());
      assertTrue(said.startsWith("gatehouse needs Java 25 or newer, and this is Java "), said);
      assertFalse(said.contains("Exception"), said);
      assertEquals(List.of(), program.out());
    }
  }

  private static Optional<Path> javaOnThePath() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(directory -> Path.of(directory, "java"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int feature(Path java) {
    try {
      Path release = java.toRealPath().resolve("../../release").normalize();
      return Files.readAllLines(release).stream()
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("[^0-9.]", "").replaceFirst("^1\\.", ""))
          .mapToInt(version -> Integer.parseInt(version.replaceFirst("\\..*", "")))
          .findFirst()
          .orElse(Integer.MAX_VALUE);
    } catch (IOException _) {
      return Integer.MAX_VALUE;
    }
  }
}
