package dev.gatehouse.agent.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.BearerToken;
import dev.gatehouse.agent.chat.Toolbox.Outcome;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;

/// Servers that cannot be reached, want something else, or say nothing.
final class UnwillingServerTest {
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final TokenUse FORWARD = new TokenUse.Forward();
  private final ScriptedTools server = new ScriptedTools();

  @Test
  void serverThatIsNotThereIsAProblem() throws Exception {
    URI nowhere;
    try (ServerSocket socket = new ServerSocket(0)) {
      nowhere = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/mcp");
    }
    try (server;
        OpenToolbox box = OpenToolbox.of(new ToolServer("shop", nowhere, FORWARD, LONG))) {
      assertEquals(List.of("shop cannot be reached."), box.inventory().problems());
    }
  }

  @Test
  void tokenThatIsNotAcceptedIsAProblem() {
    server.on("initialize", _ -> denied(401, "Bearer error=\"invalid_token\""));
    assertProblem("shop did not accept the sign-in.");
  }

  @Test
  void missingScopesAreNamed() {
    server.on(
        "tools/call",
        _ ->
            denied(
                403,
                "Bearer realm=\"shop\", error=\"insufficient_scope\","
                    + " scope=\"orders:read orders:write <b>\", error_description=\"secret\""));
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", FORWARD))) {
      assertEquals(
          new Outcome(
              true, "shop does not allow this. It wants the scopes: orders:read, orders:write."),
          box.call("shop_look"));
      assertEquals(1, server.count("tools/call"));
    }
  }

  @Test
  void serverThatForbidsWithoutAReasonIsAProblem() {
    server.on("initialize", _ -> new MockResponse.Builder().code(403).build());
    assertProblem("shop does not allow this.");
  }

  @Test
  void serverThatHangsIsAProblemInTime() {
    server.on("initialize", _ -> silence());
    try (server;
        OpenToolbox box = OpenToolbox.of(new ToolServer("shop", server.uri(), FORWARD, SHORT))) {
      long begun = System.nanoTime();
      assertEquals(List.of("shop did not answer in time."), box.inventory().problems());
      assertSoon(begun);
    }
  }

  @Test
  void toolThatHangsFailsInTime() {
    server.on("tools/call", _ -> silence());
    try (server;
        OpenToolbox box = OpenToolbox.of(new ToolServer("shop", server.uri(), FORWARD, SHORT))) {
      assertEquals(1, box.inventory().tools().size());
      long begun = System.nanoTime();
      assertEquals(new Outcome(true, "shop did not answer in time."), box.call("shop_look"));
      assertSoon(begun);
    }
  }

  @Test
  void streamThatEndsInTheMiddleFails() {
    server.on(
        "tools/call",
        _ ->
            new MockResponse.Builder()
                .addHeader("Content-Type", "text/event-stream")
                .body("event: message\ndata: {\"jsonrpc\":\"2.0\",")
                .build());
    try (server;
        OpenToolbox box = OpenToolbox.of(new ToolServer("shop", server.uri(), FORWARD, SHORT))) {
      assertTrue(box.call("shop_look").failed());
    }
  }

  @Test
  void closingEndsACallThatIsUnderWay() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    server.on(
        "tools/call",
        _ -> {
          called.countDown();
          return silence();
        });
    try (server;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        OpenToolbox box = OpenToolbox.of(new ToolServer("shop", server.uri(), FORWARD, LONG))) {
      Future<Outcome> outcome = threads.submit(() -> box.call("shop_look"));
      assertTrue(called.await(20, TimeUnit.SECONDS));
      box.shut();
      assertEquals(
          new Outcome(true, "The answer of shop was not waited for."),
          outcome.get(20, TimeUnit.SECONDS));
      box.shut();
    }
  }

  @Test
  void closingEndsAnInventoryThatIsUnderWay() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    server.on(
        "initialize",
        _ -> {
          called.countDown();
          return silence();
        });
    try (server;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        OpenToolbox box = OpenToolbox.of(new ToolServer("shop", server.uri(), FORWARD, LONG))) {
      Future<List<String>> problems = threads.submit(() -> box.inventory().problems());
      assertTrue(called.await(20, TimeUnit.SECONDS));
      box.shut();
      assertEquals(
          List.of("The answer of shop was not waited for."), problems.get(20, TimeUnit.SECONDS));
    }
  }

  /// A question that notices the end before it is told of it fails in a way of its own.
  @Test
  void whateverAQuestionEndsWithAfterClosingItWasNotWaitedFor() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicBoolean shut = new AtomicBoolean();
    Credentials late =
        _ -> {
          asked.countDown();
          while (!shut.get()) {
            Thread.onSpinWait();
          }
          throw ToolFailure.of(ToolFailure.Kind.NONSENSE);
        };
    Peer ordinary = Peer.of(server.named("shop", FORWARD), InstantSource.system());
    Peer peer = new Peer(ordinary.server(), ordinary.http(), late);
    String token = OpenToolbox.secret();
    ToolSession session = ToolSession.with(peer, new BearerToken(token));
    try (server;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        OpenToolbox box = new OpenToolbox(new McpToolbox(List.of(session)), token)) {
      Future<List<String>> problems = threads.submit(() -> box.inventory().problems());
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      box.shut();
      shut.set(true);
      assertEquals(
          List.of("The answer of shop was not waited for."), problems.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void closedToolboxAsksNobody() {
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", FORWARD))) {
      box.shut();
      assertTrue(box.call("shop_look").failed());
      assertTrue(server.requests().isEmpty());
    }
  }

  private void assertProblem(String text) {
    try (server;
        OpenToolbox box = OpenToolbox.of(server.named("shop", FORWARD))) {
      assertEquals(List.of(text), box.inventory().problems());
      assertTrue(box.inventory().tools().isEmpty());
    }
  }

  /// With time for a busy machine.
  private static void assertSoon(long begun) {
    assertTrue(System.nanoTime() - begun < SHORT.multipliedBy(3).toNanos());
  }

  private static MockResponse denied(int status, String challenge) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("WWW-Authenticate", challenge)
        .body("no")
        .build();
  }

  private static MockResponse silence() {
    return new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
  }
}
