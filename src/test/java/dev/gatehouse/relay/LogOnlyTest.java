package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.CrossSiteGuard;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The cross-site guard while it only watches.
final class LogOnlyTest {
  private static final String ELSEWHERE = "https://other.example";

  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");

  @AfterEach
  void stop() throws Exception {
    upstream.close();
  }

  private RunningGatehouse gate(String settings) throws Exception {
    return RunningGatehouse.towards(upstream.uri()).with("cross-site: {" + settings + "}").start();
  }

  private static Browser foreign(Browser browser) {
    return browser.with("Sec-Fetch-Site", "cross-site").with("Origin", ELSEWHERE);
  }

  @Test
  void requestThatWouldBeRefusedGoesOnAndIsCounted() throws Exception {
    try (RunningGatehouse gate = gate("mode: log-only");
        LogCapture audit = LogCapture.audit()) {
      assertEquals(200, foreign(gate.browser()).post(PATH, "{}").status());
      Map<String, Object> event = audit.next();
      assertEquals("would-deny", event.get("decision"));
      assertEquals("fetch-site", event.get("objection"));
      assertEquals("completed", event.get("outcome"));
      assertFalse(event.containsKey("reason"));
      assertEquals(200, gate.browser().without("Sec-Fetch-Site").post(PATH, "{}").status());
      assertEquals("no-evidence", audit.next().get("objection"));
      assertEquals(2, audit.lines().size());
      assertEquals(2, upstream.requests().size());
      String counter = "gatehouse_cross_site_would_refuse_total{reason=\"%s\"} 1.0";
      gate.awaitMetric(counter.formatted("fetch-site"));
      gate.awaitMetric(counter.formatted("no-evidence"));
      assertFalse(gate.metrics().contains("gatehouse_rejections_total"));
    }
  }

  @Test
  void requestFromHereIsNoObjection() throws Exception {
    try (RunningGatehouse gate = gate("mode: log-only");
        LogCapture audit = LogCapture.audit()) {
      assertEquals(200, gate.browser().post(PATH, "{}").status());
      Map<String, Object> event = audit.next();
      assertEquals("allow", event.get("decision"));
      assertFalse(event.containsKey("objection"));
      assertFalse(gate.metrics().contains("would_refuse"));
    }
  }

  @Test
  void everyOtherCheckHoldsAsEver() throws Exception {
    try (RunningGatehouse gate = gate("mode: log-only");
        LogCapture audit = LogCapture.audit()) {
      foreign(gate.stranger()).post(PATH, "{}").assertProblem(ProblemCode.NOT_AUTHENTICATED);
      Map<String, Object> event = audit.next();
      assertEquals("deny", event.get("decision"));
      assertEquals("not-authenticated", event.get("reason"));
      assertEquals("fetch-site", event.get("objection"));
      assertEquals(List.of(), upstream.requests());
    }
  }

  @Test
  void otherSitesMayNotReadMoreThanBefore() throws Exception {
    try (RunningGatehouse gate = gate("mode: log-only")) {
      Reply reply = foreign(gate.browser()).post(PATH, "{}");
      assertEquals(200, reply.status());
      assertEquals(Optional.empty(), reply.header("Access-Control-Allow-Origin"));
      foreign(gate.browser())
          .with("Access-Control-Request-Method", "POST")
          .send("OPTIONS", PATH, null)
          .assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
    }
    try (RunningGatehouse gate =
        gate("mode: log-only, allowed-origins: ['https://partner.example']")) {
      Reply reply = foreign(gate.browser()).post(PATH, "{}");
      assertEquals(200, reply.status());
      assertEquals(Optional.empty(), reply.header("Access-Control-Allow-Origin"));
      assertEquals(Optional.empty(), reply.header("Access-Control-Allow-Credentials"));
      foreign(gate.browser())
          .with("Access-Control-Request-Method", "POST")
          .send("OPTIONS", PATH, null)
          .assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
    }
  }

  @Test
  void everyStartWarns() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (LogCapture log = LogCapture.by(CrossSiteGuard.class);
          RunningGatehouse gate = gate("mode: log-only")) {
        assertTrue(gate.uri().getPort() > 0);
        assertEquals(1, log.lines().size());
        assertTrue(log.lines().getFirst().contains("\"level\":\"WARN\""), log.lines()::toString);
        assertTrue(log.lines().getFirst().contains("cross-site.mode"), log.lines()::toString);
      }
    }
  }

  @Test
  void guardEnforcesUnlessToldOtherwise() throws Exception {
    for (String settings : List.of("", "mode: enforce")) {
      try (LogCapture log = LogCapture.by(CrossSiteGuard.class);
          RunningGatehouse gate = gate(settings)) {
        foreign(gate.browser()).post(PATH, "{}").assertProblem(ProblemCode.CROSS_SITE_REQUEST);
        assertEquals(List.of(), log.lines());
      }
    }
    assertEquals(List.of(), upstream.requests());
  }
}
