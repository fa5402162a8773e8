package dev.gatehouse.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.FormBody;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The image, unpacked and run with a root of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImageIT {
  private static final Pattern READY =
      Pattern.compile("gatehouse ready on (http://\\S+) \\(admin (http://\\S+)\\)");
  private static final Pattern OPTION = Pattern.compile("-X\\S+");
  private static final Pattern BESIDE_CACHE = Pattern.compile("-XX:Tier\\w+=\\d+");

  private Image image;

  @BeforeAll
  void unpack(@TempDir Path folder) throws Exception {
    image = Image.unpack(built(), folder);
  }

  private static Path built() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".oci.tar")).toList();
      assumeTrue(!found.isEmpty(), "no image was built (-Pdist), so nothing was tried");
      return found.getFirst();
    }
  }

  private Program run(Map<String, String> environment, String... arguments) throws Exception {
    assumeTrue(Image.canRun(), "no root of one's own is allowed here, so nothing was tried");
    return image.run(environment, arguments);
  }

  @Test
  void configurationSaysWhatRunsAndAsWhom() throws Exception {
    String user = image.config("User").asString();
    assertTrue(user.matches("[1-9]\\d+:[1-9]\\d+"), user);
    String users = Files.readString(image.root().resolve("etc/passwd"));
    assertTrue(users.contains("gatehouse:x:" + user + ":"), users);
    JsonNode labels = image.config("Labels");
    assertEquals("Gatehouse", labels.path("org.opencontainers.image.title").asString());
    assertEquals("Apache-2.0", labels.path("org.opencontainers.image.licenses").asString());
    String version = labels.path("org.opencontainers.image.version").asString();
    assertEquals("gatehouse:" + version, image.name());
  }

  @Test
  void startsAsTheStartScriptDoes() throws Exception {
    List<String> entry = image.texts("Entrypoint");
    assertTrue(Files.isExecutable(image.root().resolve(entry.getFirst().substring(1))));
    List<String> options = entry.stream().filter(word -> word.startsWith("-X")).toList();
    String script = Files.readString(Path.of("src/dist/bin/gatehouse"));
    String last = script.substring(script.indexOf("\nexec "));
    List<String> expected = new ArrayList<>(List.of("-XX:+UseSerialGC"));
    OPTION.matcher(last).results().map(result -> result.group()).forEach(expected::add);
    expected.add("-XX:AOTCache=/opt/gatehouse/lib/gatehouse.aot");
    BESIDE_CACHE.matcher(script).results().map(result -> result.group()).forEach(expected::add);
    assertEquals(expected, options);
  }

  @Test
  void portsAreThoseOfItsConfiguration() throws Exception {
    Map<String, String> environment =
        image.texts("Env").stream()
            .map(entry -> entry.split("=", 2))
            .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
    Path file = image.root().resolve(image.texts("Cmd").getLast().substring(1));
    GatehouseConfig config = ConfigFile.read(file, environment);
    assertEquals("0.0.0.0:8080", config.server().listen().text());
    assertEquals("0.0.0.0:9090", config.admin().listen().text());
    assertEquals(
        List.of("8080/tcp", "9090/tcp"),
        image.config("ExposedPorts").propertyNames().stream().sorted().toList());
  }

  @Test
  void nothingButTmpCanBeWrittenByOthers() throws Exception {
    try (Stream<Path> files = Files.walk(image.root())) {
      List<Path> writable =
          files.filter(ImageIT::othersMayWrite).map(image.root()::relativize).toList();
      assertEquals(List.of(Path.of("tmp")), writable);
    }
  }

  private static boolean othersMayWrite(Path file) {
    try {
      return Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
          .contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  @Test
  void cacheFitsItsJava() throws Exception {
    try (Program version = run(Map.of(), "--version")) {
      assertEquals(0, version.exitCode(), () -> version.err() + " " + version.out());
      String label = "org.opencontainers.image.version";
      assertEquals(
          "gatehouse " + image.config("Labels").path(label).asString(), version.nextLine());
    }
  }

  @Test
  void servesWithWhatTheEnvironmentSaysUntilItIsStopped() throws Exception {
    try (TestIssuer issuer = TestIssuer.start();
        ScriptedUpstream agent = ScriptedUpstream.answering("application/json", "{\"answer\":42}");
        Program program = run(environment(issuer, agent))) {
      Matcher ready = READY.matcher(program.nextLine());
      assertTrue(ready.matches(), () -> program.out().toString());
      URI admin = URI.create(ready.group(2));
      Await.that("the gate is ready", () -> Browser.at(admin).get("/readyz").status() == 200);
      Browser user =
          Browser.at(URI.create(ready.group(1)))
              .with("Cookie", "__Host-auth_token=" + issuer.tokenFor("user-1"));
      assertEquals("{\"answer\":42}", user.post("/api/chatkit", Browser.MESSAGE).text());
      program.terminate();
      assertEquals(0, program.exitCode());
      List<String> log = program.err();
      assertTrue(log.stream().allMatch(line -> line.startsWith("{")), log::toString);
    }
  }

  private static Map<String, String> environment(TestIssuer issuer, ScriptedUpstream agent) {
    return Map.of(
        "GATEHOUSE_LISTEN",
        "127.0.0.1:0",
        "GATEHOUSE_ADMIN",
        "127.0.0.1:0",
        "GATEHOUSE_ISSUER",
        issuer.issuer(),
        "GATEHOUSE_AGENT",
        agent.uri().toString());
  }

  /// All of it: pages out of the jar, SQLite's own library, the client of Java.
  @Test
  void demoAnswersWhoeverSignsIn() throws Exception {
    try (Program program = run(Map.of(), "demo", "--port", "0")) {
      Matcher ready = READY.matcher(program.nextLine());
      assertTrue(ready.lookingAt(), () -> program.out().toString());
      Browser stranger = Browser.at(URI.create(ready.group(1)));
      assertEquals(200, stranger.get("/").status());
      FormBody form = new FormBody.Builder().add("user", "demo-reader").build();
      String cookie =
          stranger.send("POST", "/demo/sign-in", form).header("Set-Cookie").orElseThrow();
      Browser reader = stranger.with("Cookie", cookie.substring(0, cookie.indexOf(';')));
      String answer = reader.post("/api/chatkit", Browser.MESSAGE).text();
      assertTrue(answer.contains("thread.item.done"), answer);
      program.terminate();
      assertEquals(0, program.exitCode());
    }
  }
}
