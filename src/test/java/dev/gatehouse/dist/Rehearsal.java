package dev.gatehouse.dist;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Lets a laid-out Gatehouse work as it will at its operator's, and end, so that Java writes down
/// which classes that took and what it learned of their methods: the AOT cache (JEP 483, 515).
final class Rehearsal {
  private static final int ROUNDS = 60;
  private static final int AT_ONCE = 4;
  private static final int EVENTS = 20;
  private static final Duration CONNECTION_UNUSED = Duration.ofMinutes(1);

  /// Ending includes writing the cache, on a machine that may be busy.
  private static final long MINUTES_TO_END = 5;

  private static final String QUESTION =
      "{\"question\":\"" + "why \\\"so\\\"?\\n".repeat(100) + "\"}";
  private static final String CONTEXT =
      "eyJ1cmwiOiJodHRwczovL2V4YW1wbGUuY29tL3Nob3AiLCJ0aXRsZSI6IlNob3AifQ==";
  private static final String DOCUMENT =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  private static final Pattern READY =
      Pattern.compile("gatehouse ready on (http://\\S+) \\(admin (http://\\S+)\\)");

  private final TestIssuer issuer;
  private final URI gate;
  private final URI admin;

  private Rehearsal(TestIssuer issuer, URI gate, URI admin) {
    this.issuer = issuer;
    this.gate = gate;
    this.admin = admin;
  }

  /// Writes `lib/gatehouse.aot`, and beside it for which Java it is.
  ///
  /// @param arguments the folder that has `bin/gatehouse`
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    Path cache = home.resolve("lib/gatehouse.aot");
    Path java = Path.of(System.getProperty("java.home"));
    Files.deleteIfExists(cache);
    try (TestIssuer issuer = TestIssuer.start();
        ScriptedUpstream agent = ScriptedUpstream.forgetting(Rehearsal::answer)) {
      Process process = start(home, java, cache, configuration(issuer, agent));
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        Matcher ready = READY.matcher(String.valueOf(out.readLine()));
        if (!ready.matches()) {
          throw new IllegalStateException("gatehouse did not start");
        }
        new Rehearsal(issuer, URI.create(ready.group(1)), URI.create(ready.group(2))).play();
        process.toHandle().destroy();
        end(process, cache);
      } finally {
        process.destroyForcibly();
      }
    }
    Files.copy(
        java.resolve("release"),
        home.resolve("lib/gatehouse.aot.release"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void end(Process process, Path cache) throws Exception {
    if (!process.waitFor(MINUTES_TO_END, TimeUnit.MINUTES)
        || process.exitValue() != 0
        || !Files.exists(cache)) {
      throw new IllegalStateException("no cache was written");
    }
  }

  private static Process start(Path home, Path java, Path cache, Path configuration)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                home.resolve("bin/gatehouse").toString(),
                "serve",
                "--config",
                configuration.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("JAVA25_HOME", java.toString());
    builder.environment().put("JAVA_OPTS", "-XX:AOTCacheOutput=" + cache);
    return builder.start();
  }

  private static Path configuration(TestIssuer issuer, ScriptedUpstream agent) throws IOException {
    return Files.writeString(
        Files.createTempFile("gatehouse", ".yaml"),
        """
        server:
          listen: 127.0.0.1:0
          trusted-proxies: [127.0.0.1]
          max-streams-per-user: 1000
          rate-limit:
            per-user: {requests: 100000, per: 1m}
            per-address: {requests: 100000, per: 1m}
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        routes:
          - {path: /api/chatkit, upstream: '%2$s/events'}
          - {path: /api/json, upstream: '%2$s/document', protocol: json}
          - {path: '/api/files/*', upstream: '%2$s/document', protocol: raw}
        """
            .formatted(issuer.issuer(), agent.uri()));
  }

  private static void answer(Received request, Wire wire) throws Exception {
    wire.patience(CONNECTION_UNUSED);
    if (request.line().contains("/document")) {
      wire.send(DOCUMENT);
      return;
    }
    wire.send(ScriptedUpstream.eventStream());
    for (int i = 0; i < EVENTS; i++) {
      wire.sendChunk("data: {\"type\":\"thread.item.updated\",\"number\":" + i + "}\n\n");
    }
    wire.sendLastChunk();
  }

  private void play() throws Exception {
    Await.that("keys are there", () -> Browser.at(admin).get("/readyz").status() == 200);
    try (ExecutorService visitors = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> visits =
          IntStream.range(0, ROUNDS)
              .<Future<?>>mapToObj(i -> visitors.submit(() -> visit(i)))
              .toList();
      for (Future<?> visit : visits) {
        visit.get();
      }
    }
  }

  /// What one person's page does, a health check beside it, and somebody who may not.
  private void visit(int number) {
    Transport transport = number % 4 == 0 ? Transport.H2C : Transport.HTTP_1;
    Browser stranger = Browser.at(gate).over(transport).with("X-Forwarded-For", "192.0.2.1");
    String token = issuer.tokenFor("user-" + number);
    Browser user = stranger.signedInWith(token).with("X-Page-Context", CONTEXT);
    expect(200, user.get("/bff/user").status());
    for (int i = 0; i < 4; i++) {
      expect(200, user.post("/api/chatkit", Browser.MESSAGE).status());
      expect(200, user.post("/api/json", QUESTION).status());
    }
    expect(200, user.get("/api/files/1").status());
    expect(401, stranger.post("/api/chatkit", Browser.MESSAGE).status());
    expect(401, stranger.signedInWith(token + "x").post("/api/json", "{}").status());
    expect(403, user.with("Sec-Fetch-Site", "cross-site").post("/api/json", "{}").status());
    expect(400, user.post("/api/json", "{").status());
    expect(404, stranger.get("/nothing").status());
    expect(200, stranger.get("/bff/client.js").status());
    Browser operator = Browser.at(admin).over(Transport.HTTP_1);
    expect(200, operator.get("/readyz").status());
    expect(200, operator.get("/metrics").status());
    user.hangUp();
    operator.hangUp();
  }

  private static void expect(int wanted, int status) {
    if (status != wanted) {
      throw new IllegalStateException(status + " instead of " + wanted);
    }
  }
}
