package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A gate that takes over another configuration while it runs.
final class ReloadTest {
  private final Semaphore finish = new Semaphore(0);
  private final ScriptedUpstream first =
      ScriptedUpstream.running((_, wire) -> {
        wire.send(ScriptedUpstream.eventStream()).sendChunk("data: first\n\n");
        finish.acquire();
        wire.sendChunk("data: still first\n\n");
        wire.sendLastChunk();
      });
  private final ScriptedUpstream second = ScriptedUpstream.answering("text/plain", "second");

  @AfterEach
  void stop() throws Exception {
    finish.release(10);
    first.close();
    second.close();
  }

  private static RunningGatehouse.Builder towards(ScriptedUpstream upstream) {
    return RunningGatehouse.towards(upstream.uri());
  }

  @Test
  void openStreamGoesOnAndNewRequestsGoWhereTheNewRouteLeads() throws Exception {
    try (RunningGatehouse gate = towards(first).start()) {
      Browser.Events stream = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals("first", stream.next());
      assertTrue(gate.reload(towards(second)));
      assertEquals("second", gate.browser().post(PATH, Browser.MESSAGE).text());
      finish.release();
      assertEquals("still first", stream.next());
      assertTrue(stream.endedCleanly());
      gate.awaitMetric("gatehouse_config_reloads_total{result=\"success\"} 1.0");
    }
  }

  @Test
  void routesComeAndGo() throws Exception {
    try (RunningGatehouse gate = towards(second).start()) {
      assertTrue(gate.reload(towards(second).path("/api/other")));
      gate.browser().post(PATH, Browser.MESSAGE).assertProblem(ProblemCode.NOT_FOUND);
      assertEquals("second", gate.browser().post("/api/other", Browser.MESSAGE).text());
      gate.awaitMetric("gatehouse_streams_open{route=\"/api/other\"} 0.0");
    }
  }

  @Test
  void newLimitCountsStreamsThatAreOpenAlready() throws Exception {
    try (RunningGatehouse gate = towards(first).start()) {
      Browser.Events stream = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals("first", stream.next());
      assertTrue(gate.reload(towards(second).server("max-streams-per-user: 1")));
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.TOO_MANY_STREAMS);
      assertTrue(gate.reload(towards(second)));
      assertEquals("second", gate.browser().post(PATH, Browser.MESSAGE).text());
    }
  }

  @Test
  void anotherIssuerIsBelievedAndTheOldOneIsNot() throws Exception {
    try (RunningGatehouse gate = towards(second).start();
        TestIssuer other = TestIssuer.start()) {
      assertTrue(gate.reload(towards(second), other));
      gate.browser().post(PATH, Browser.MESSAGE).assertProblem(ProblemCode.INVALID_TOKEN);
      Browser theirs = gate.stranger().signedInWith(other.tokenFor("user-2"));
      assertEquals("second", theirs.post(PATH, Browser.MESSAGE).text());
      assertEquals(200, gate.operator().get("/readyz").status());
    }
  }

  @Test
  void issuerWhoseKeysCannotBeHadChangesNothing() throws Exception {
    try (RunningGatehouse gate = towards(first).start();
        LogCapture log = LogCapture.by(Gatehouse.class)) {
      URI nobody = URI.create("http://127.0.0.1:1/jwks");
      RunningGatehouse.Builder unreachable =
          towards(second).auth("issuer: ISSUER", "audience: [agent-api]", "jwks-uri: " + nobody);
      assertFalse(gate.reload(unreachable));
      finish.release();
      Browser.Events stream = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals("first", stream.next());
      assertEquals(200, gate.operator().get("/readyz").status());
      gate.awaitMetric("gatehouse_config_reloads_total{result=\"failure\"} 1.0");
      assertTrue(log.lines().toString().contains("the configuration stays as it was"));
    }
  }

  @Test
  void whatOnlyARestartCanChangeIsNamed() throws Exception {
    try (RunningGatehouse gate = towards(second).start();
        LogCapture log = LogCapture.by(Gatehouse.class)) {
      assertTrue(gate.reload(towards(second).server("header-timeout: 3s")));
      assertEquals(List.of("server.header-timeout"), log.next().get("needRestart"));
      assertTrue(
          gate.reload(
              towards(second)
                  .server("header-timeout: 3s")
                  .with("telemetry: {traces: {endpoint: 'http://127.0.0.1:1/v1/traces'}}")));
      assertEquals(List.of("telemetry"), log.next().get("needRestart"));
    }
  }

  @Test
  void rateLimitsAreNotForgivenByAReload() throws Exception {
    RunningGatehouse.Builder strict =
        towards(second).server("rate-limit:", "  per-user: {requests: 2, per: 1h, burst: 2}");
    try (RunningGatehouse gate = strict.start()) {
      gate.browser().post(PATH, Browser.MESSAGE);
      gate.browser().post(PATH, Browser.MESSAGE);
      assertTrue(
          gate.reload(
              towards(first)
                  .server("rate-limit:", "  per-user: {requests: 2, per: 1h, burst: 2}")));
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.RATE_LIMITED);
    }
  }
}
