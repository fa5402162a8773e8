package dev.gatehouse.ops;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  @Test
  void everyExchangeIsCounted() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{\"a\":1}");
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      gate.browser().post(PATH, Browser.MESSAGE);
      gate.browser().post(PATH, Browser.MESSAGE);
      gate.stranger().post(PATH, Browser.MESSAGE).assertProblem(ProblemCode.NOT_AUTHENTICATED);
      gate.stranger().get("/no/such/path-canary");
      for (int i = 0; i < 4; i++) {
        log.next();
      }
      String route = "route=\"" + PATH + "\"";
      gate.awaitMetric("gatehouse_requests_total{" + route + ",status=\"200\"} 2.0");
      gate.awaitMetric("gatehouse_requests_total{" + route + ",status=\"401\"} 1.0");
      gate.awaitMetric("gatehouse_requests_total{route=\"-\",status=\"404\"} 1.0");
      gate.awaitMetric("gatehouse_exchange_total{outcome=\"completed\"," + route + "} 2.0");
      gate.awaitMetric("gatehouse_exchange_total{outcome=\"rejected\"," + route + "} 1.0");
      gate.awaitMetric("gatehouse_rejections_total{reason=\"not-authenticated\"} 1.0");
      gate.awaitMetric("gatehouse_relayed_bytes_total{" + route + "} 14.0");
      gate.awaitMetric("gatehouse_first_byte_seconds_count{" + route + "} 2");
      gate.awaitMetric("gatehouse_stream_seconds_count{" + route + "} 2");
      gate.awaitMetric("gatehouse_streams_open{" + route + "} 0.0");
      gate.awaitMetric("gatehouse_jwks_refresh_total{result=\"loaded\"} 1.0");
      assertFalse(gate.metrics().contains("canary"));
    }
  }

  @Test
  void openStreamsAndLettingGoAreSeen() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              wire.awaitClose();
              closed.countDown();
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      String route = "route=\"" + PATH + "\"";
      try (Response response = gate.browser().open(PATH, Browser.MESSAGE)) {
        assertEquals(200, response.code());
        gate.awaitMetric("gatehouse_streams_open{" + route + "} 1.0");
      }
      assertTrue(closed.await(10, TimeUnit.SECONDS), "the upstream was not let go");
      log.next();
      gate.awaitMetric("gatehouse_streams_open{" + route + "} 0.0");
      gate.awaitMetric("gatehouse_exchange_total{outcome=\"client-closed\"," + route + "} 1.0");
      gate.awaitMetric("gatehouse_cancel_seconds_count{" + route + "} 1");
    }
  }

  @Test
  void metricsAreForOperatorsOnly() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      gate.browser().get("/metrics").assertProblem(ProblemCode.NOT_FOUND);
      Reply reply = gate.operator().get("/metrics");
      assertEquals(200, reply.status());
      assertEquals(Optional.of("no-store"), reply.header("Cache-Control"));
      assertTrue(reply.header("Content-Type").orElseThrow().startsWith("text/plain"));
    }
  }
}
