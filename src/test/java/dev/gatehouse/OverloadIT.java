package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Ready;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program with too little of what it needs: new requests are turned away, and what is
/// open lives on.
final class OverloadIT {
  private static final String FIRST = "data: 1\n\n";
  private static final String SECOND = "data: 2\n\n";
  private static final int BODY = 4 * 1024 * 1024;

  @TempDir private Path folder;
  private final Semaphore goOn = new Semaphore(0);
  private final TestIssuer issuer = TestIssuer.start();
  private final ScriptedUpstream upstream =
      ScriptedUpstream.running((request, wire) -> {
        if (request.text().startsWith("{\"a\"")) {
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
          return;
        }
        wire.send(ScriptedUpstream.eventStream()).sendChunk(FIRST);
        goOn.acquire();
        wire.sendChunk(SECOND);
        wire.awaitClose();
      });

  @AfterEach
  void stop() throws Exception {
    goOn.release(1_000);
    upstream.close();
    issuer.close();
  }

  private Program program(int openFiles, String heap) throws Exception {
    Files.writeString(
        folder.resolve("gate.yaml"),
        """
        server: {listen: '127.0.0.1:0', max-streams-per-user: 1000}
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        routes:
          - {path: %s, upstream: '%s', protocol: json}
        """
            .formatted(issuer.issuer(), PATH, upstream.uri()));
    return Program.limited(openFiles, folder, List.of(heap), "serve", "--config", "gate.yaml");
  }

  private Wire asked(int port) throws Exception {
    return asked(port, "{}");
  }

  private Wire asked(int port, String body) throws Exception {
    Wire wire = Wire.to(port);
    wire.send(
        "POST "
            + PATH
            + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token="
            + issuer.tokenFor("user-1")
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    return wire;
  }

  private static void assertNext(String event, Wire wire) throws Exception {
    assertEquals(event, new String(wire.readChunk(), StandardCharsets.UTF_8));
  }

  @Test
  void fault30WithoutDescriptorsNewRequestsAreTurnedAwayAndStreamsLiveOn() throws Exception {
    List<Wire> open = new ArrayList<>();
    try (Program program = program(400, "-Xmx256m")) {
      Ready ready = Ready.withKeys(program);
      int port = ready.gate().getPort();
      Browser browser = Browser.at(ready.gate()).signedInWith(issuer.tokenFor("user-2"));
      String head = fill(open, port);
      assertTrue(head.startsWith("HTTP/1.1 503 "), head);
      browser.post(PATH, "{}").assertProblem(ProblemCode.OVERLOADED);
      assertTrue(open.size() > 20, () -> "only " + open.size() + " streams were open");
      goOn.release(open.size());
      for (Wire wire : open) {
        assertNext(SECOND, wire);
      }
      for (Wire wire : open.subList(0, open.size() / 2)) {
        wire.close();
      }
      Reply reply = browser.post(PATH, "{\"a\":1}");
      while (reply.status() == 503) {
        reply = browser.post(PATH, "{\"a\":1}");
      }
      assertEquals(200, reply.status());
    } finally {
      for (Wire wire : open) {
        wire.close();
      }
    }
  }

  /// Opens streams until one is refused, and returns how.
  private String fill(List<Wire> open, int port) throws Exception {
    while (true) {
      Wire wire = asked(port);
      String head = wire.readHead();
      if (!head.startsWith("HTTP/1.1 200 ")) {
        wire.close();
        return head;
      }
      open.add(wire);
      assertNext(FIRST, wire);
    }
  }

  @Test
  void fault30WithoutDescriptorsConnectionsWaitAndAreServedLater() throws Exception {
    List<Wire> idle = new ArrayList<>();
    try (Program program = program(300, "-Xmx256m")) {
      Ready ready = Ready.withKeys(program);
      URI gate = ready.gate();
      try (Wire stream = asked(gate.getPort())) {
        assertTrue(stream.readHead().startsWith("HTTP/1.1 200 "));
        assertNext(FIRST, stream);
        for (int i = 0; i < 300; i++) {
          idle.add(Wire.to(gate.getPort()));
        }
        goOn.release();
        assertNext(SECOND, stream);
        for (Wire wire : idle) {
          wire.close();
        }
        Browser browser = Browser.at(gate).signedInWith(issuer.tokenFor("user-2"));
        Reply reply = browser.post(PATH, "{\"a\":1}");
        while (reply.status() == 503) {
          reply = browser.post(PATH, "{\"a\":1}");
        }
        assertEquals(200, reply.status());
      }
    }
  }

  @Test
  void fault30WithoutMemoryLargeBodiesAreTurnedAwayAndStreamsLiveOn() throws Exception {
    try (Program program = program(1024, "-Xmx64m");
        ExecutorService senders = Executors.newFixedThreadPool(40)) {
      URI gate = Ready.withKeys(program).gate();
      try (Wire stream = asked(gate.getPort())) {
        assertTrue(stream.readHead().startsWith("HTTP/1.1 200 "));
        assertNext(FIRST, stream);
        Browser browser = Browser.at(gate).signedInWith(issuer.tokenFor("user-2"));
        String body = "{\"a\":\"" + "x".repeat(BODY) + "\"}";
        Callable<Integer> send = () -> browser.post(PATH, body).status();
        Set<Integer> statuses = new TreeSet<>();
        for (Future<Integer> status : senders.invokeAll(Collections.nCopies(80, send))) {
          statuses.add(status.get());
        }
        assertEquals(Set.of(200, 503), statuses);
        goOn.release();
        assertNext(SECOND, stream);
      }
    }
  }

  @Test
  void bodyIsLetGoWhenItsAnswerBegins() throws Exception {
    List<Wire> open = new ArrayList<>();
    try (Program program = program(1024, "-Xmx64m")) {
      int port = Ready.withKeys(program).gate().getPort();
      String body = "{\"stream\":\"" + "x".repeat(BODY) + "\"}";
      for (int i = 0; i < 20; i++) { // 80 MB of bodies
        open.add(asked(port, body));
        String head = open.getLast().readHead();
        assertTrue(head.startsWith("HTTP/1.1 200 "), head);
        assertNext(FIRST, open.getLast());
      }
    } finally {
      for (Wire wire : open) {
        wire.close();
      }
    }
  }
}
