package dev.gatehouse.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tarball, unpacked and run by its start script.
final class TarballIT {
  private static final Pattern READY =
      Pattern.compile("gatehouse ready on (http://\\S+) \\(admin (http://\\S+)\\)");

  @TempDir private Path folder;
  private final TestIssuer issuer = TestIssuer.start();
  private final ScriptedUpstream agent =
      ScriptedUpstream.answering("application/json", "{\"answer\":42}");
  private Path script = Path.of("bin", "gatehouse");

  @BeforeEach
  void unpack() throws Exception {
    Path tarball = built();
    Process tar =
        new ProcessBuilder("tar", "-xzf", tarball.toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    assertEquals(0, tar.waitFor());
    String name = tarball.getFileName().toString();
    script = folder.resolve(name.substring(0, name.length() - ".tar.gz".length())).resolve(script);
  }

  @AfterEach
  void stop() throws Exception {
    agent.close();
    issuer.close();
  }

  private static Path built() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    try (Stream<Path> files = Files.list(target)) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().matches("gatehouse-.*\\.tar\\.gz"))
              .toList();
      assumeTrue(!found.isEmpty(), "no tarball was built (-Pdist), so nothing was tried");
      return found.getFirst();
    }
  }

  private Program run(Map<String, String> environment, String... arguments) throws IOException {
    return Program.byScript(script, folder, environment, arguments);
  }

  private String configuration() throws IOException {
    Path file = folder.resolve("gate.yaml");
    Files.writeString(
        file,
        """
        server: {listen: '127.0.0.1:0', drain-timeout: 1s}
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        routes:
          - {path: /api/chatkit, upstream: '%s'}
        """
            .formatted(issuer.issuer(), agent.uri()));
    return file.toString();
  }

  /// What it says from its start to its end, in between an answer of the agent.
  private List<String> served(Map<String, String> environment) throws Exception {
    try (Program program = run(environment, "serve", "--config", configuration())) {
      Matcher ready = READY.matcher(program.nextLine());
      assertTrue(ready.matches(), () -> program.out().toString());
      URI gate = URI.create(ready.group(1));
      URI admin = URI.create(ready.group(2));
      Await.that("the gate is ready", () -> Browser.at(admin).get("/readyz").status() == 200);
      Browser user = Browser.at(gate).signedInWith(issuer.tokenFor("user-1"));
      assertEquals("{\"answer\":42}", user.post("/api/chatkit", Browser.MESSAGE).text());
      program.terminate();
      assertEquals(0, program.exitCode());
      assertEquals(1, program.out().size(), () -> program.out().toString());
      return program.err();
    }
  }

  @Test
  void unpackedProgramServesWithItsCache() throws Exception {
    // Strict, so that a cache that does not fit would be an error.
    served(Map.of("JAVA_OPTS", "-XX:AOTMode=on -XX:AOTCache=" + cache()));
    List<String> log = served(Map.of());
    assertTrue(log.stream().allMatch(line -> line.startsWith("{")), log::toString);
  }

  private Path cache() {
    return script.resolveSibling("../lib/gatehouse.aot").normalize();
  }

  @Test
  void cacheThatDoesNotFitIsPassedOverInSilence() throws Exception {
    Files.writeString(cache(), "of another Java");
    List<String> log = served(Map.of());
    assertTrue(log.stream().allMatch(line -> line.startsWith("{")), log::toString);
    Files.writeString(cache().resolveSibling("gatehouse.aot.release"), "another Java");
    log = served(Map.of());
    assertTrue(log.stream().allMatch(line -> line.startsWith("{")), log::toString);
  }

  @Test
  void everyCommandIsThere() throws Exception {
    try (Program version = run(Map.of(), "--version")) {
      assertEquals(0, version.exitCode());
      assertEquals(1, version.out().size());
      assertTrue(version.nextLine().startsWith("gatehouse "), () -> version.out().toString());
    }
    try (Program other = run(Map.of("JAVA_OPTS", "-XX:+UseG1GC"), "--version")) {
      assertEquals(0, other.exitCode(), () -> "another collector: " + other.out());
    }
    try (Program check = run(Map.of(), "check", "--config", configuration())) {
      assertEquals(0, check.exitCode(), () -> check.out().toString());
      assertEquals("✓ gatehouse ready", check.out().getLast());
    }
  }

  @Test
  void heapIsOneGigabyteAtMostUnlessToldOtherwise() throws Exception {
    long most = 1L << 30;
    long heap = mostHeap("");
    assertTrue(heap <= most, () -> heap + " bytes");
    assertEquals(2 * most, mostHeap("-Xmx2g"));
    assertEquals(most / 4, mostHeap("-Xmx256m"));
  }

  /// In bytes.
  private long mostHeap(String options) throws Exception {
    Map<String, String> environment = Map.of("JAVA_OPTS", options + " -XX:+PrintFlagsFinal");
    try (Program version = run(environment, "--version")) {
      assertEquals(0, version.exitCode());
      return version.out().stream()
          .filter(line -> line.contains(" MaxHeapSize "))
          .mapToLong(line -> Long.parseLong(line.replaceAll(".* = ([0-9]+) .*", "$1")))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void scriptIsFoundBehindLinksAndFindsAJava() throws Exception {
    Path link = folder.resolve("a link");
    Files.createSymbolicLink(link, folder.relativize(script));
    script = Files.createSymbolicLink(folder.resolve("gatehouse"), link);
    // An old JAVA_HOME is passed over, as long as there is another Java.
    String path = Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin";
    Map<String, String> old =
        Map.of("JAVA25_HOME", "", "JAVA_HOME", oldJava().toString(), "PATH", path);
    try (Program version = run(old, "--version")) {
      assertEquals(0, version.exitCode(), () -> version.err().toString());
    }
  }

  private Path oldJava() throws IOException {
    Path old = Files.createDirectories(folder.resolve("java-17"));
    Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nexit 17\n");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    return old;
  }
}
