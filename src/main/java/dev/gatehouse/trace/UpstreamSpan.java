package dev.gatehouse.trace;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The part of a trace that is a call to an agent.
public final class UpstreamSpan {
  private static final int CLIENT_ERROR = 400;

  private final Span span;
  private final List<String> state;

  UpstreamSpan(Span span, List<String> state) {
    this.span = span;
    this.state = state;
  }

  /// What the agent is told, so that its spans hang below this one.
  public TraceContext context() {
    SpanContext ids = span.getSpanContext();
    String parent =
        "00-%s-%s-%s".formatted(ids.getTraceId(), ids.getSpanId(), ids.getTraceFlags().asHex());
    return new TraceContext(parent, state);
  }

  /// Ends it with what is known of the call by now.
  public void end(Exchange exchange) {
    exchange
        .timeToFirstByte()
        .map(nanos -> Instant.now().minusNanos(exchange.age() - nanos))
        .ifPresent(moment -> span.addEvent(Words.FIRST_BYTE, moment));
    exchange.upstreamStatus().ifPresent(status -> span.setAttribute(Words.STATUS, status));
    exchange.outcome().ifPresent(outcome -> span.setAttribute(Words.OUTCOME, outcome));
    failure(exchange).ifPresent(type -> Words.fail(span, type));
    span.end();
  }

  private static Optional<String> failure(Exchange exchange) {
    int status = exchange.upstreamStatus().orElse(0);
    return status >= CLIENT_ERROR
        ? Optional.of(Integer.toString(status))
        : exchange.outcome().filter(Words::isBroken);
  }
}
