package dev.gatehouse.ops;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What operators and load balancers see.
final class HealthTest {
  private final Semaphore finish = new Semaphore(0);
  private final ScriptedUpstream upstream =
      ScriptedUpstream.running((_, wire) -> {
        wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
        finish.acquire();
        wire.sendLastChunk();
      });

  @AfterEach
  void stop() throws Exception {
    finish.release(10);
    upstream.close();
  }

  @Test
  void aliveAndReadyOnTheAdminListenerOnly() throws Exception {
    try (RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      for (String path : List.of("/livez", "/readyz")) {
        Reply reply = gate.operator().get(path);
        assertEquals(200, reply.status());
        assertEquals("{\"status\":\"ok\"}", reply.text());
        assertEquals(Optional.of("no-store"), reply.header("Cache-Control"));
        assertEquals(200, gate.operator().send("HEAD", path, null).status());
        gate.stranger().get(path).assertProblem(ProblemCode.NOT_FOUND);
        Reply changed = gate.operator().send("DELETE", path, RequestBody.create(new byte[0]));
        assertEquals(405, changed.status());
        assertEquals(Optional.of("GET, HEAD"), changed.header("Allow"));
      }
      gate.stranger().get("/metrics").assertProblem(ProblemCode.NOT_FOUND);
    }
  }

  @Test
  void adminListenerHasNoRoutes() throws Exception {
    try (RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      Reply reply =
          gate.operator()
              .signedInWith(gate.issuer().tokenFor("user-1"))
              .post(PATH, Browser.MESSAGE);
      assertEquals(405, reply.status());
      assertEquals(404, gate.operator().get(PATH).status());
      assertEquals(404, gate.operator().get("/bff/user").status());
      assertEquals(404, gate.operator().get("/").status());
    }
  }

  @Test
  void withoutKeysItIsAliveAndNotReadyUntilTheyCome() throws Exception {
    TestIssuer issuer = TestIssuer.start();
    issuer.answer(TestIssuer.Answer.FAILURE);
    issuer.expectFetch();
    try (RunningGatehouse gate =
        RunningGatehouse.towards(upstream.uri()).route("protocol: json").startWith(issuer)) {
      issuer.awaitFetch();
      assertEquals(200, gate.operator().get("/livez").status());
      Reply reply = gate.operator().get("/readyz");
      assertEquals(503, reply.status());
      assertEquals("signing-keys", reply.json().get("failing").get(0).asString());
      assertEquals(1, reply.json().get("failing").size());
      Reply turnedAway = gate.browser().post(PATH, "{}");
      turnedAway.assertProblem(ProblemCode.KEYS_UNAVAILABLE);
      assertTrue(turnedAway.header("Retry-After").isPresent());
      gate.stranger().post(PATH, "{}").assertProblem(ProblemCode.NOT_AUTHENTICATED);
      issuer.answer(TestIssuer.Answer.KEYS);
      gate.awaitReady();
      finish.release();
      assertEquals(200, gate.browser().post(PATH, "{}").status());
    }
  }

  @Test
  void drainingTurnsEverythingNewAwayAndLetsStreamsFinish() throws Exception {
    try (LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      Browser.Events open = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals("1", open.next());
      CompletableFuture<Boolean> drained = drain(gate);
      awaitNotReady(gate);
      assertEquals(200, gate.operator().get("/livez").status());
      for (Reply reply :
          List.of(
              gate.browser().post(PATH, "{}"),
              gate.stranger().with("Sec-Fetch-Site", "cross-site").post(PATH, "{}"),
              gate.stranger().send("DELETE", "/nowhere", RequestBody.create(new byte[0])),
              gate.stranger().get("/bff/user"))) {
        reply.assertProblem(ProblemCode.DRAINING);
        assertTrue(reply.header("Retry-After").isPresent());
        assertEquals("draining", log.next().get("problem"));
      }
      finish.release();
      assertTrue(open.endedCleanly());
      assertTrue(drained.get(10, TimeUnit.SECONDS));
      assertEquals("completed", log.next().get("outcome"));
    }
  }

  @Test
  void streamsBeyondTheDrainTimeoutAreBroken() throws Exception {
    try (LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).drainTimeout("300ms").start()) {
      Browser.Events open = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals("1", open.next());
      assertTrue(drain(gate).get(10, TimeUnit.SECONDS));
      assertTrue(open.next().startsWith("failed: "));
      assertEquals("drained", log.next().get("outcome"));
    }
  }

  private static void awaitNotReady(RunningGatehouse gate) {
    Reply reply = gate.operator().get("/readyz");
    while (reply.status() == 200) {
      reply = gate.operator().get("/readyz");
    }
    assertEquals(503, reply.status());
    assertEquals("not-draining", reply.json().get("failing").get(0).asString());
  }

  private static CompletableFuture<Boolean> drain(RunningGatehouse gate) {
    CompletableFuture<Boolean> drained = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            gate.gate().drain();
            drained.complete(true);
          } catch (InterruptedException e) {
            drained.completeExceptionally(e);
          }
        });
    return drained;
  }
}
