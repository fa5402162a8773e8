package dev.gatehouse.trace;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Collector;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Collectors that are down, slow or unwilling: nobody who chats notices.
final class CollectorAwayTest {
  private static final int ROOM = 2048;

  private final ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "pong");

  @AfterEach
  void stop() throws IOException {
    upstream.close();
  }

  private static Duration drained(RunningGatehouse gate) throws InterruptedException {
    long begun = System.nanoTime();
    gate.gate().drain();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @Test
  void collectorThatIsDownHoldsUpNeitherARequestNorAStop() throws Exception {
    try (LogCapture log = LogCapture.by(Tracing.class);
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .with("telemetry: {traces: {endpoint: 'http://127.0.0.1:1/v1/traces'}}")
                .start()) {
      assertEquals("pong", gate.browser().post(PATH, Browser.MESSAGE).text());
      Duration taken = drained(gate);
      assertTrue(taken.compareTo(Duration.ofSeconds(5)) < 0, taken::toString);
      assertEquals(2, log.next().get("spans"));
    }
  }

  @Test
  void collectorThatIsSilentHoldsUpNeitherARequestNorAStop() throws Exception {
    try (Collector silent = Collector.running((_, wire) -> wire.awaitClose());
        LogCapture log = LogCapture.by(Tracing.class);
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).with(silent.section()).start()) {
      assertEquals("pong", gate.browser().post(PATH, Browser.MESSAGE).text());
      Duration taken = drained(gate);
      assertTrue(taken.compareTo(Duration.ofSeconds(5)) < 0, taken::toString);
      assertEquals(2, log.next().get("spans"));
      assertEquals(1, silent.requests().size());
    }
  }

  @Test
  void whatBecomesOfSpansIsMeasured() throws Exception {
    try (Collector collector = Collector.start();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).with(collector.section()).start()) {
      gate.browser().post(PATH, Browser.MESSAGE);
      gate.awaitMetric("gatehouse_trace_spans_total{result=\"exported\"} 2.0");
    }
  }

  /// A flush that comes too soon after another one does nothing, hence again and again.
  private static void trace(SdkTracerProvider provider, Map<String, Integer> counts)
      throws Exception {
    Map<String, Integer> before = Map.copyOf(counts);
    provider.get("test").spanBuilder("span").startSpan().end();
    Await.that(
        "the span is counted",
        () -> {
          provider.forceFlush();
          return !before.equals(counts);
        });
  }

  @Test
  void refusalIsCountedAndSaidOnceUntilItIsOver() throws Exception {
    AtomicBoolean willing = new AtomicBoolean();
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    try (Collector collector =
            Collector.running((_, wire) ->
                wire.send(
                    willing.get()
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 401 No\r\nContent-Length: 13\r\n\r\nkanarienvogel"));
        LogCapture log = LogCapture.by(Outbox.class);
        SdkTracerProvider provider =
            SdkTracerProvider.builder()
                .addSpanProcessor(
                    new Outbox(
                        OtlpHttpSpanExporter.builder()
                            .setEndpoint(collector.endpoint().toString())
                            .build(),
                        (result, spans) -> counts.merge(result, spans, Integer::sum)))
                .build()) {
      trace(provider, counts);
      trace(provider, counts);
      assertEquals(Map.of("failed", 2), counts);
      willing.set(true);
      trace(provider, counts);
      trace(provider, counts);
      assertEquals(Map.of("failed", 2, "exported", 2), counts);
      List<String> said = log.lines().stream().filter(line -> !line.contains("Connect")).toList();
      assertEquals(2, said.size(), said::toString);
      assertTrue(said.getFirst().contains("\"reason\":\"HTTP 401\""), said::toString);
      assertTrue(said.getLast().contains("traces reach the collector again"), said::toString);
    }
  }

  @Test
  void exportIsNotSentOnToWhereTheCollectorPoints() throws Exception {
    try (Collector other = Collector.start();
        Collector collector =
            Collector.running((_, wire) ->
                wire.send(
                    "HTTP/1.1 307 There\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                        .formatted(other.endpoint())));
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .with(collector.section("headers: {X-Key: k1}"))
                .start()) {
      gate.browser().post(PATH, Browser.MESSAGE);
      gate.gate().drain();
      assertEquals(1, collector.requests().size());
      assertEquals(0, other.requests().size());
    }
  }

  @Test
  void spansThatFindNoRoomAreCounted() {
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    Slow slow = new Slow();
    Outbox outbox = new Outbox(slow, (result, spans) -> counts.merge(result, spans, Integer::sum));
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(outbox).build()) {
      Tracer tracer = provider.get("test");
      for (int i = 0; i < ROOM + 10; i++) {
        tracer.spanBuilder("span").startSpan().end();
      }
      assertEquals(Map.of("dropped", 10), counts);
      assertEquals(ROOM, outbox.waiting());
      slow.done.succeed();
    }
    assertEquals(Map.of("dropped", 10, "exported", ROOM), counts);
  }

  /// Has nothing done until all is.
  private static final class Slow implements SpanExporter {
    private final CompletableResultCode done = new CompletableResultCode();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return done;
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
