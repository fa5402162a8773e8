package dev.gatehouse.ops;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.ProblemCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
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

  // By name and labels. The registry finds them as well, but only by way of a builder and its tags.
  private final Map<List<Object>, Counter> counters = new ConcurrentHashMap<>();
  private final Map<List<Object>, Timer> timers = new ConcurrentHashMap<>();

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
    counter("gatehouse.jwks.refresh", "Attempts to fetch signing keys", "result", result)
        .increment();
    counter(
            "gatehouse.issuer.refresh",
            "Attempts to fetch the signing keys of one issuer",
            "issuer",
            issuer,
            "result",
            result)
        .increment();
  }

  /// Counts an attempt to take over another configuration.
  public void reloaded(String result) {
    counter(
            "gatehouse.config.reloads",
            "Attempts to take over another configuration",
            "result",
            result)
        .increment();
  }

  /// Counts a question to the issuer about a token.
  public void introspected(String result) {
    counter("gatehouse.introspection", "Questions to the issuer about a token", "result", result)
        .increment();
  }

  /// Counts what became of spans of traces.
  public void spans(String result, int spans) {
    counter("gatehouse.trace.spans", "Spans of traces that left, or did not", "result", result)
        .increment(spans);
  }

  @Override
  public void log(Request request, Response response) {
    Exchange.in(request)
        .ifPresent(exchange -> count(exchange, response.getStatus(), exchange.bytesOut(response)));
  }

  private void count(Exchange exchange, int status, long bytesOut) {
    String route = exchange.route().orElse(NO_ROUTE);
    String code = Integer.toString(status);
    counter("gatehouse.requests", "Requests answered", "route", route, "status", code).increment();
    exchange
        .outcome()
        .ifPresent(outcome ->
            counter("gatehouse.exchange", "How exchanges ended", "route", route, "outcome", outcome)
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
    counter("gatehouse.relayed.bytes", "Bytes of answers relayed", "route", route)
        .increment((double) bytesOut);
  }

  private void rejected(String reason) {
    counter("gatehouse.rejections", "Requests answered with a problem", "reason", reason)
        .increment();
  }

  private void objected(String reason) {
    counter(
            "gatehouse.cross.site.would.refuse",
            "Requests that the cross-site guard would refuse were it not log-only",
            "reason",
            reason)
        .increment();
  }

  /// @param labels names and values in turn
  private Counter counter(String name, String help, String... labels) {
    return counters.computeIfAbsent(
        List.of(name, List.of(labels)),
        _ -> Counter.builder(name).description(help).tags(labels).register(registry));
  }

  private void time(String name, String help, String route, long nanos) {
    timers
        .computeIfAbsent(
            List.of(name, route),
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
