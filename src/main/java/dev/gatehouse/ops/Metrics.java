package dev.gatehouse.ops;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.ProblemCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/// What operators can count. Every label is a configured route, a status, or a word of ours:
/// nothing from the wire can make a new one.
public final class Metrics implements RequestLog {
  private static final String NO_ROUTE = "-";
  private static final String OPEN_STREAMS = "gatehouse.streams.open";
  private static final String CONDITION = "gatehouse.condition";
  private static final Duration[] LATENCIES = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  // The registry finds them as well, but only by way of a builder and its tags.
  private final Map<Meter, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Meter, Timer> timers = new ConcurrentHashMap<>();

  /// What is counted for each exchange.
  ///
  /// @param value of the label beside the route; empty where there is none
  private record Meter(String name, String route, String value) {}

  /// Shows how many streams of a route are open; of one that is shown already, goes on as it is.
  public void showOpenStreams(String route, IntSupplier open) {
    if (registry.find(OPEN_STREAMS).tag("route", route).gauge() != null) {
      return;
    }
    Gauge.builder(OPEN_STREAMS, open, IntSupplier::getAsInt)
        .description("Open upstream exchanges")
        .tag("route", route)
        .strongReference(true)
        .register(registry);
  }

  /// Shows whether descriptors and memory suffice for one more exchange.
  public void showHeadroom(BooleanSupplier suffices) {
    Gauge.builder("gatehouse.headroom", suffices, s -> s.getAsBoolean() ? 1 : 0)
        .description("1 while descriptors and memory suffice for new exchanges, else 0")
        .strongReference(true)
        .register(registry);
  }

  /// Shows whether a condition of readiness holds, likewise.
  public void showCondition(String name, BooleanSupplier holds) {
    if (registry.find(CONDITION).tag("condition", name).gauge() != null) {
      return;
    }
    Gauge.builder(CONDITION, holds, met -> met.getAsBoolean() ? 1 : 0)
        .description("Whether a condition of readiness holds")
        .tag("condition", name)
        .strongReference(true)
        .register(registry);
  }

  /// Counts an attempt to fetch signing keys, in all and for the issuer.
  public void jwksRefreshed(String issuer, String result) {
    Counter.builder("gatehouse.jwks.refresh")
        .description("Attempts to fetch signing keys")
        .tag("result", result)
        .register(registry)
        .increment();
    Counter.builder("gatehouse.issuer.refresh")
        .description("Attempts to fetch the signing keys of one issuer")
        .tag("issuer", issuer)
        .tag("result", result)
        .register(registry)
        .increment();
  }

  /// Counts an attempt to take over another configuration.
  public void reloaded(String result) {
    Counter.builder("gatehouse.config.reloads")
        .description("Attempts to take over another configuration")
        .tag("result", result)
        .register(registry)
        .increment();
  }

  /// Counts a question to the issuer about a token.
  public void introspected(String result) {
    Counter.builder("gatehouse.introspection")
        .description("Questions to the issuer about a token")
        .tag("result", result)
        .register(registry)
        .increment();
  }

  /// Counts what became of spans of traces.
  public void spans(String result, int spans) {
    Counter.builder("gatehouse.trace.spans")
        .description("Spans of traces that left, or did not")
        .tag("result", result)
        .register(registry)
        .increment(spans);
  }

  @Override
  public void log(Request request, Response response) {
    Exchange.in(request)
        .ifPresent(exchange ->
            count(exchange, response.getStatus(), Response.getContentBytesWritten(response)));
  }

  private void count(Exchange exchange, int status, long bytesOut) {
    String route = exchange.route().orElse(NO_ROUTE);
    counter("gatehouse.requests", "Requests answered", "status", Integer.toString(status), route)
        .increment();
    exchange
        .outcome()
        .ifPresent(outcome ->
            counter("gatehouse.exchange", "How exchanges ended", "outcome", outcome, route)
                .increment());
    exchange.problem().map(ProblemCode::text).ifPresent(this::rejected);
    exchange.objection().ifPresent(this::objected);
    exchange.timeToFirstByte().ifPresent(nanos -> relayed(exchange, nanos, bytesOut, route));
    exchange
        .timeToCancel()
        .ifPresent(nanos ->
            time("gatehouse.cancel", "Client seen to leave to cancelled call", route, nanos));
  }

  private void relayed(Exchange exchange, long firstByte, long bytesOut, String route) {
    time("gatehouse.first.byte", "Request to the upstream's headers", route, firstByte);
    time("gatehouse.stream", "Request to the end of the answer", route, exchange.age());
    counters
        .computeIfAbsent(
            new Meter("gatehouse.relayed.bytes", route, ""),
            meter ->
                Counter.builder(meter.name())
                    .description("Bytes of answers relayed")
                    .tag("route", route)
                    .register(registry))
        .increment((double) bytesOut);
  }

  private void rejected(String reason) {
    Counter.builder("gatehouse.rejections")
        .description("Requests answered with a problem")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  private void objected(String reason) {
    Counter.builder("gatehouse.cross.site.would.refuse")
        .description("Requests that the cross-site guard would refuse were it not log-only")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  private Counter counter(String name, String help, String label, String value, String route) {
    return counters.computeIfAbsent(
        new Meter(name, route, value),
        _ ->
            Counter.builder(name)
                .description(help)
                .tag("route", route)
                .tag(label, value)
                .register(registry));
  }

  private void time(String name, String help, String route, long nanos) {
    timers
        .computeIfAbsent(
            new Meter(name, route, ""),
            _ ->
                Timer.builder(name)
                    .description(help)
                    .tag("route", route)
                    .serviceLevelObjectives(LATENCIES)
                    .register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /// The Prometheus text format.
  String scrape() {
    return registry.scrape();
  }
}
