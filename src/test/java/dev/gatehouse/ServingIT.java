package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged program in front of an upstream, from its ready line to its end.
final class ServingIT {
  private static final Pattern READY =
      Pattern.compile(
          "gatehouse ready on (http://127\\.0\\.0\\.1:[1-9][0-9]*)"
              + " \\(admin (http://127\\.0\\.0\\.1:[1-9][0-9]*)\\)");
  private static final String CANARY = "kanarienvogel";
  private static final int STREAMS = 100;
  private static final int SILENCE_SECONDS = 5;

  @TempDir private Path folder;
  private final Semaphore finish = new Semaphore(0);
  private final TestIssuer issuer = TestIssuer.start();
  private final ScriptedUpstream upstream =
      ScriptedUpstream.running((_, wire) -> {
        wire.send(ScriptedUpstream.eventStream()).sendChunk("data: " + CANARY + "\n\n");
        finish.acquire();
        wire.sendLastChunk();
      });

  @AfterEach
  void stop() throws Exception {
    finish.release(10);
    upstream.close();
    issuer.close();
  }

  private record Served(Program program, URI gate, URI admin) implements AutoCloseable {
    Browser operator() {
      return Browser.at(admin);
    }

    @Override
    public void close() {
      program.close();
    }
  }

  private Program started(String drainTimeout) throws Exception {
    Files.writeString(
        folder.resolve("gate.yaml"),
        """
        server: {listen: '127.0.0.1:0', drain-timeout: %s}
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        routes:
          - {path: %s, upstream: '%s'}
        """
            .formatted(drainTimeout, issuer.issuer(), PATH, upstream.uri()));
    return Program.start(folder, "serve", "--config", "gate.yaml");
  }

  private Served serve(String drainTimeout) throws Exception {
    Program program = started(drainTimeout);
    Matcher ready = READY.matcher(program.nextLine());
    assertTrue(ready.matches(), () -> program.out().toString());
    Served served = new Served(program, URI.create(ready.group(1)), URI.create(ready.group(2)));
    while (served.operator().get("/readyz").status() != 200) {
      assertTrue(program.isRunning());
    }
    return served;
  }

  private Browser browser(Served served) {
    return Browser.at(served.gate()).signedInWith(issuer.tokenFor("user-1"));
  }

  private static void awaitDraining(Served served) {
    Reply reply = served.operator().get("/readyz");
    while (reply.status() == 200) {
      reply = served.operator().get("/readyz");
    }
    assertEquals(503, reply.status());
    assertEquals("not-draining", reply.json().get("failing").get(0).asString());
  }

  @Test
  void signalLetsStreamsFinishAndEndsWithZero() throws Exception {
    try (Served served = serve("30s")) {
      Browser.Events stream = browser(served).events(PATH, Browser.MESSAGE);
      assertEquals(CANARY, stream.next());
      served.program().terminate();
      awaitDraining(served);
      browser(served).post(PATH, "{}").assertProblem(ProblemCode.DRAINING);
      finish.release();
      assertTrue(stream.endedCleanly());
      assertEquals(0, served.program().exitCode());
      assertEquals(1, served.program().out().size(), () -> served.program().out().toString());
      List<JsonNode> lines = exchanges(served.program());
      assertEquals(2, lines.size());
      JsonNode turnedAway = lines.getFirst();
      assertEquals("draining", turnedAway.get("problem").asString());
      assertEquals(PATH, turnedAway.get("route").asString());
      assertEquals("rejected", turnedAway.get("outcome").asString());
    }
  }

  @Test
  void fault18SignalLosesNoneOfAHundredStreamsThatAreSilentForLong() throws Exception {
    List<Wire> wires = new ArrayList<>();
    try (Served served = serve("30s")) {
      for (int i = 0; i < STREAMS; i++) {
        wires.add(Wire.to(served.gate().getPort()));
        ask(wires.getLast(), "user-" + i);
      }
      served.program().terminate();
      awaitDraining(served);
      browser(served).post(PATH, "{}").assertProblem(ProblemCode.DRAINING);
      assertFalse(new CountDownLatch(1).await(SILENCE_SECONDS, TimeUnit.SECONDS));
      finish.release(STREAMS);
      for (Wire wire : wires) {
        assertEquals(0, wire.readChunk().length, "a clean end");
      }
      assertEquals(0, served.program().exitCode());
      assertEquals(
          STREAMS,
          exchanges(served.program()).stream()
              .filter(line -> line.get("outcome").asString().equals("completed"))
              .count());
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  private void ask(Wire wire) throws Exception {
    ask(wire, "user-1");
  }

  /// Asks for a stream and reads its first event.
  private void ask(Wire wire, String user) throws Exception {
    wire.send(
        "POST "
            + PATH
            + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
            + issuer.tokenFor(user)
            + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
    assertEquals("data: " + CANARY + "\n\n", new String(wire.readChunk(), StandardCharsets.UTF_8));
  }

  @Test
  void fault19StreamBeyondTheDrainTimeoutIsBrokenVisibly() throws Exception {
    try (Served served = serve("500ms");
        Wire wire = Wire.to(served.gate().getPort())) {
      ask(wire);
      served.program().terminate();
      assertFalse(new String(wire.readToEnd(), StandardCharsets.UTF_8).contains("0\r\n\r\n"));
      assertEquals(0, served.program().exitCode());
      assertEquals("drained", exchanges(served.program()).getFirst().get("outcome").asString());
    }
  }

  @Test
  void fault19EveryStreamThatWasBrokenHasItsLine() throws Exception {
    List<Wire> wires = new ArrayList<>();
    try (Served served = serve("300ms")) {
      for (int i = 0; i < 20; i++) {
        wires.add(Wire.to(served.gate().getPort()));
        ask(wires.getLast());
      }
      served.program().terminate();
      assertEquals(0, served.program().exitCode());
      List<String> outcomes =
          exchanges(served.program()).stream().map(l -> l.get("outcome").asString()).toList();
      assertEquals(Collections.nCopies(20, "drained"), outcomes);
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }

  @Test
  void signalRightAfterTheReadyLineEndsWithZero() throws Exception {
    try (Program program = started("30s")) {
      assertTrue(READY.matcher(program.nextLine()).matches());
      program.terminate();
      assertEquals(0, program.exitCode());
    }
  }

  @Test
  void hangupReadsTheConfigurationAgain() throws Exception {
    try (Served served = serve("1s");
        ScriptedUpstream other = ScriptedUpstream.answering("text/plain", "other")) {
      Path file = folder.resolve("gate.yaml");
      String before = Files.readString(file);
      Files.writeString(file, before + "nonsense: true\n");
      served.program().hangUp();
      Await.that(
          "what is wrong is said",
          () -> served.program().err().stream().anyMatch(line -> line.contains("nonsense")));
      Files.writeString(file, before.replace(upstream.uri().toString(), other.uri().toString()));
      served.program().hangUp();
      Await.that(
          "the new upstream answers",
          () -> {
            finish.release();
            return browser(served).post(PATH, Browser.MESSAGE).text().equals("other");
          });
      served.program().terminate();
      assertEquals(0, served.program().exitCode());
    }
  }

  @Test
  void everyExchangeIsOneLineOfJsonWithoutAWordOfIt() throws Exception {
    try (Served served = serve("1s")) {
      finish.release(3);
      Browser browser = browser(served).with("User-Agent", CANARY);
      assertEquals(200, browser.post(PATH + "?" + CANARY, Browser.MESSAGE).status());
      browser.post(PATH, "{" + CANARY).assertProblem(ProblemCode.MALFORMED_JSON);
      browser.get("/" + CANARY).assertProblem(ProblemCode.NOT_FOUND);
      malformed(served, "GET /" + CANARY + " HTTP/1.1\r\nHost: a " + CANARY + "\r\n\r\n");
      malformed(served, "GET / HTTP/1.1\r\nHost: x\r\nHost: " + CANARY + "\r\n\r\n");
      served.program().terminate();
      assertEquals(0, served.program().exitCode());
      List<JsonNode> lines = exchanges(served.program());
      assertEquals(
          List.of(200, 400, 404, 400, 400),
          lines.stream().map(l -> l.get("status").asInt()).toList());
      JsonNode first = lines.getFirst();
      assertEquals(PATH, first.get("route").asString());
      assertEquals("POST", first.get("method").asString());
      assertEquals("completed", first.get("outcome").asString());
      assertEquals(Browser.MESSAGE.length(), first.get("bytesIn").asInt());
      assertEquals(CANARY.length() + 8, first.get("bytesOut").asInt());
      for (String key : List.of("time", "requestId", "firstByteMs", "durationMs")) {
        assertTrue(first.has(key), first::toString);
      }
      assertFalse(served.program().err().toString().contains(CANARY));
    }
  }

  private static void malformed(Served served, String request) throws Exception {
    try (Wire wire = Wire.to(served.gate().getPort())) {
      wire.send(request);
      assertTrue(wire.readHead().startsWith("HTTP/1.1 400 "));
    }
  }

  /// Checks that all of standard error is JSON and picks the lines about exchanges.
  private static List<JsonNode> exchanges(Program program) {
    assertTrue(
        program.err().stream().allMatch(line -> line.startsWith("{")),
        () -> String.join("\n", program.err()));
    return program.err().stream()
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(line -> line.get("message").asString().equals("exchange"))
        .toList();
  }
}
