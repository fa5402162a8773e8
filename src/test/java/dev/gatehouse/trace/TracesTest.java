package dev.gatehouse.trace;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Collector;
import dev.gatehouse.testing.LeakRecord;
import dev.gatehouse.testing.Leaks;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a collector gets to know of exchanges.
final class TracesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SENDER = "b7ad6b7169203331";
  private static final String CANARY = LeakRecord.CANARY;

  private final Collector collector = Collector.start();
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "pong");

  @AfterEach
  void stop() throws IOException {
    upstream.close();
    collector.close();
  }

  private RunningGatehouse.Builder traced(ScriptedUpstream agent, String... more) {
    return RunningGatehouse.towards(agent.uri()).with(collector.section(more));
  }

  private static String parent(String flags) {
    return "00-" + TRACE + "-" + SENDER + "-" + flags;
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /// Stops the gate, so that everything is told, and hands out its only exchange.
  private Span only(SpanKind kind, RunningGatehouse gate) throws InterruptedException {
    gate.gate().drain();
    List<Span> spans = collector.spans(kind);
    assertEquals(1, spans.size(), spans::toString);
    return spans.getFirst();
  }

  @Test
  void exchangeIsASpanAndTheCallToTheAgentOneBelowIt() throws Exception {
    try (RunningGatehouse gate =
        traced(upstream, "service-name: front", "headers: {X-Key: k1}").start()) {
      Reply reply =
          gate.browser()
              .with("traceparent", parent("01"))
              .with("tracestate", "vendor=1")
              .post(PATH, Browser.MESSAGE);
      Span server = only(SpanKind.SPAN_KIND_SERVER, gate);
      Span client = only(SpanKind.SPAN_KIND_CLIENT, gate);
      assertEquals("POST " + PATH, server.getName());
      assertEquals(TRACE, hex(server.getTraceId()));
      assertEquals(SENDER, hex(server.getParentSpanId()));
      assertEquals(
          Map.of(
              "http.request.method", "POST",
              "http.route", PATH,
              "http.response.status_code", "200",
              "gatehouse.request_id", reply.header("X-Request-Id").orElseThrow(),
              "gatehouse.outcome", "completed"),
          Collector.facts(server));
      assertEquals("POST", client.getName());
      assertEquals(server.getTraceId(), client.getTraceId());
      assertEquals(server.getSpanId(), client.getParentSpanId());
      assertEquals(
          Map.of(
              "http.request.method", "POST",
              "server.address", upstream.uri().getHost(),
              "server.port", Integer.toString(upstream.uri().getPort()),
              "http.response.status_code", "200",
              "gatehouse.outcome", "completed"),
          Collector.facts(client));
      assertEquals("first-byte", client.getEvents(0).getName());
      assertTrue(server.getStartTimeUnixNano() <= client.getStartTimeUnixNano());
      assertTrue(client.getEndTimeUnixNano() <= server.getEndTimeUnixNano());
      assertEquals(StatusCode.STATUS_CODE_UNSET, server.getStatus().getCode());
      assertEquals("front", collector.resource().get("service.name"));
      Received asked = upstream.await();
      assertEquals(
          Optional.of("00-" + TRACE + "-" + hex(client.getSpanId()) + "-01"),
          asked.header("traceparent"));
      assertEquals(Optional.of("vendor=1"), asked.header("tracestate"));
      Received export = collector.requests().getFirst();
      assertEquals(Optional.of("k1"), export.header("X-Key"));
      assertEquals(Optional.of("application/x-protobuf"), export.header("Content-Type"));
    }
  }

  @Test
  void traceBeginsHereWhereTheClientHasNoValidOne() throws Exception {
    try (RunningGatehouse gate = traced(upstream).start()) {
      gate.browser()
          .with("traceparent", "00-" + "0".repeat(32) + "-" + SENDER + "-01")
          .with("tracestate", "vendor=1")
          .post(PATH, Browser.MESSAGE);
      Span server = only(SpanKind.SPAN_KIND_SERVER, gate);
      assertEquals("", hex(server.getParentSpanId()));
      Received asked = upstream.await();
      String traceparent = asked.header("traceparent").orElseThrow();
      assertTrue(traceparent.startsWith("00-" + hex(server.getTraceId()) + "-"), traceparent);
      assertEquals(List.of(), asked.headers("tracestate"));
    }
  }

  @Test
  void clientsFlagForcesNoTrace() throws Exception {
    try (RunningGatehouse gate = traced(upstream, "sample-ratio: 0").start()) {
      gate.browser().with("traceparent", parent("01")).post(PATH, Browser.MESSAGE);
      gate.gate().drain();
      String traceparent = upstream.await().header("traceparent").orElseThrow();
      assertTrue(traceparent.matches("00-" + TRACE + "-[0-9a-f]{16}-00"), traceparent);
      assertFalse(traceparent.contains(SENDER), traceparent);
      assertEquals(List.of(), collector.requests());
    }
  }

  @Test
  void clientsFlagPreventsNoTrace() throws Exception {
    try (RunningGatehouse gate = traced(upstream).start()) {
      gate.browser().with("traceparent", parent("00")).post(PATH, Browser.MESSAGE);
      assertEquals(TRACE, hex(only(SpanKind.SPAN_KIND_SERVER, gate).getTraceId()));
      String traceparent = upstream.await().header("traceparent").orElseThrow();
      assertTrue(traceparent.endsWith("-01"), traceparent);
    }
  }

  @Test
  void traceIdThatTheClientChoseDoesNotDecideEither() throws Exception {
    try (RunningGatehouse gate = traced(upstream, "sample-ratio: 0.5").start()) {
      for (int i = 0; i < 50; i++) {
        gate.browser()
            .with("traceparent", "00-" + "0".repeat(31) + "1-" + SENDER + "-01")
            .post(PATH, Browser.MESSAGE);
      }
      gate.gate().drain();
      int traced = collector.spans(SpanKind.SPAN_KIND_SERVER).size();
      assertTrue(traced > 0 && traced < 50, () -> traced + " of 50");
      assertEquals(traced, collector.spans(SpanKind.SPAN_KIND_CLIENT).size());
    }
  }

  @Test
  void spanOfAStreamEndsWithItsLastByte() throws Exception {
    Semaphore finish = new Semaphore(0);
    try (ScriptedUpstream agent =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              finish.acquire();
              wire.sendChunk("data: 2\n\n").sendLastChunk();
            });
        RunningGatehouse gate = traced(agent).start()) {
      Browser.Events stream = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals("1", stream.next());
      long half = nanos(Instant.now());
      finish.release();
      assertEquals("2", stream.next());
      assertTrue(stream.endedCleanly());
      Span server = only(SpanKind.SPAN_KIND_SERVER, gate);
      Span client = only(SpanKind.SPAN_KIND_CLIENT, gate);
      assertEquals("completed", Collector.facts(server).get("gatehouse.outcome"));
      assertTrue(server.getEndTimeUnixNano() >= half);
      assertTrue(client.getEndTimeUnixNano() >= half);
      assertTrue(client.getEvents(0).getTimeUnixNano() <= half);
    }
  }

  private static long nanos(Instant moment) {
    return moment.getEpochSecond() * 1_000_000_000 + moment.getNano();
  }

  @Test
  void browserThatLeavesIsAnOutcomeAndNoError() throws Exception {
    try (ScriptedUpstream agent =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              wire.awaitClose();
            });
        RunningGatehouse gate = traced(agent).start()) {
      try (Wire wire = gate.wire()) {
        wire.send(gate.post(Browser.MESSAGE)).readHead();
      }
      Span server = only(SpanKind.SPAN_KIND_SERVER, gate);
      Span client = only(SpanKind.SPAN_KIND_CLIENT, gate);
      for (Span span : List.of(server, client)) {
        assertEquals("client-closed", Collector.facts(span).get("gatehouse.outcome"));
        assertEquals(StatusCode.STATUS_CODE_UNSET, span.getStatus().getCode());
        assertFalse(Collector.facts(span).containsKey("error.type"));
      }
    }
  }

  @Test
  void streamThatBreaksIsAnError() throws Exception {
    try (ScriptedUpstream agent =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              wire.close();
            });
        RunningGatehouse gate = traced(agent).start()) {
      Browser.Events stream = gate.browser().events(PATH, Browser.MESSAGE);
      assertEquals("1", stream.next());
      assertFalse(stream.endedCleanly());
      assertFailed("upstream-failed", only(SpanKind.SPAN_KIND_SERVER, gate));
      assertFailed("upstream-failed", only(SpanKind.SPAN_KIND_CLIENT, gate));
    }
  }

  private static void assertFailed(String type, Span span) {
    assertEquals(StatusCode.STATUS_CODE_ERROR, span.getStatus().getCode());
    assertEquals("", span.getStatus().getMessage());
    assertEquals(type, Collector.facts(span).get("error.type"));
  }

  @Test
  void agentThatCannotBeReachedIsAnErrorOfBoth() throws Exception {
    try (RunningGatehouse gate =
        RunningGatehouse.towards(URI.create("http://127.0.0.1:1/"))
            .route("protocol: json")
            .with(collector.section())
            .start()) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_UNREACHABLE);
      Span server = only(SpanKind.SPAN_KIND_SERVER, gate);
      assertFailed("upstream-unreachable", server);
      assertEquals("502", Collector.facts(server).get("http.response.status_code"));
      assertFailed("upstream-failed", only(SpanKind.SPAN_KIND_CLIENT, gate));
    }
  }

  @Test
  void answerOfTheAgentsOwnCanBeAnError() throws Exception {
    try (ScriptedUpstream agent =
            ScriptedUpstream.running(
                (_, wire) -> wire.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
        RunningGatehouse gate = traced(agent).route("protocol: json").start()) {
      assertEquals(503, gate.browser().post(PATH, "{}").status());
      assertFailed("503", only(SpanKind.SPAN_KIND_SERVER, gate));
      assertFailed("503", only(SpanKind.SPAN_KIND_CLIENT, gate));
    }
  }

  @Test
  void whatIsRefusedIsASpanOfTheGateAlone() throws Exception {
    try (RunningGatehouse gate =
        traced(upstream)
            .server("rate-limit: {per-user: {requests: 1, per: 1h}}")
            .route("protocol: json")
            .start()) {
      Browser known = gate.browser();
      gate.stranger().post(PATH, "{}").assertProblem(ProblemCode.NOT_AUTHENTICATED);
      known
          .with("Sec-Fetch-Site", "cross-site")
          .post(PATH, "{}")
          .assertProblem(ProblemCode.CROSS_SITE_REQUEST);
      known.send("UNHEARD", PATH, null).assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
      known.post(PATH, "{").assertProblem(ProblemCode.MALFORMED_JSON);
      known.post(PATH, "{}").assertProblem(ProblemCode.RATE_LIMITED);
      gate.gate().drain();
      List<Map<String, String>> spans = collector.spans().stream().map(Collector::facts).toList();
      assertEquals(
          List.of(
              "not-authenticated",
              "cross-site-request",
              "method-not-allowed",
              "malformed-json",
              "rate-limited"),
          spans.stream().map(facts -> facts.get("gatehouse.problem")).toList());
      assertEquals(
          List.of("401", "403", "405", "400", "429"),
          spans.stream().map(facts -> facts.get("http.response.status_code")).toList());
      for (Span span : collector.spans()) {
        assertEquals(SpanKind.SPAN_KIND_SERVER, span.getKind());
        assertEquals(StatusCode.STATUS_CODE_UNSET, span.getStatus().getCode());
        assertEquals("rejected", Collector.facts(span).get("gatehouse.outcome"));
      }
      assertEquals("HTTP " + PATH, collector.spans().get(2).getName());
      assertEquals("_OTHER", spans.get(2).get("http.request.method"));
    }
  }

  @Test
  void whatIsNoRouteIsNotTraced() throws Exception {
    try (RunningGatehouse gate = traced(upstream).start()) {
      gate.browser().get("/bff/user");
      gate.browser().get("/bff/config");
      gate.browser().get("/elsewhere").assertProblem(ProblemCode.NOT_FOUND);
      gate.gate().drain();
      assertEquals(List.of(), collector.requests());
    }
  }

  @Test
  void nothingThatWasSentIsExported() throws Exception {
    try (RunningGatehouse gate =
        traced(upstream, "headers: {Authorization: 'Bearer k2'}")
            .path("/api/files/*")
            .route(
                "protocol: raw",
                "methods: [POST, GET]",
                "identity-headers: {X-User-ID: sub, X-User-Name: name}",
                "add-request-headers: {X-Api-Key: " + CANARY + "}")
            .start()) {
      String token = gate.issuer().token(c -> c.subject(CANARY).claim("name", CANARY));
      Browser browser =
          gate.stranger()
              .signedInWith(token)
              .with("traceparent", parent("01"))
              .with("tracestate", CANARY + "=" + CANARY)
              .with("baggage", CANARY + "=" + CANARY)
              .with("User-Agent", CANARY)
              .with("Referer", "https://" + CANARY + ".example/");
      String path = "/api/files/" + CANARY + "?q=" + CANARY;
      assertEquals(200, browser.post(path, "{\"a\":\"" + CANARY + "\"}").status());
      browser.send(CANARY.toUpperCase(Locale.ROOT), path, null);
      browser.with("Cookie", "auth_token=" + CANARY).post(path, "{}");
      gate.gate().drain();
      assertEquals(4, collector.spans().size());
      Leaks leaks = new Leaks(CANARY).add(token);
      for (Received export : collector.requests()) {
        String bytes = new String(export.body(), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains("/api/files/*"));
        assertEquals(Optional.empty(), leaks.in(bytes));
        assertEquals(Optional.empty(), leaks.in(export.head()));
        assertFalse(bytes.contains("k2"));
      }
    }
  }
}
