package dev.gatehouse.trace;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/// The trace of one exchange, from its arrival to its last byte.
public final class Trace {
  private static final String ATTRIBUTE = Trace.class.getName();
  private static final int SERVER_ERROR = 500;

  private final Tracer tracer;
  private final Span span;
  private final List<String> state;

  private Trace(Tracer tracer, Span span, List<String> state) {
    this.tracer = tracer;
    this.span = span;
    this.state = state;
  }

  /// The trace of a request; empty for one that has none.
  public static Optional<Trace> of(ServletRequest request) {
    return Optional.ofNullable((Trace) request.getAttribute(ATTRIBUTE));
  }

  /// The same for a request as the container has it.
  static Optional<Trace> in(Request request) {
    return Optional.ofNullable((Trace) request.getAttribute(ATTRIBUTE));
  }

  /// Begins the trace of a request, or the gate's part of one that the client has begun.
  ///
  /// @param route the configured path
  static void begin(Tracer tracer, HttpServletRequest request, String route) {
    Optional<TraceContext> inbound = TraceContext.of(request);
    String method = request.getMethod();
    Span span =
        tracer
            .spanBuilder(Words.name(method) + " " + route)
            .setSpanKind(SpanKind.SERVER)
            .setParent(inbound.map(Trace::sender).orElse(Context.root()))
            .setAttribute(Words.METHOD, Words.method(method))
            .setAttribute(Words.ROUTE, route)
            .startSpan();
    List<String> state = inbound.map(TraceContext::state).orElse(List.of());
    request.setAttribute(ATTRIBUTE, new Trace(tracer, span, state));
  }

  /// The client's span. Its `tracestate` is free text and does not become part of ours.
  private static Context sender(TraceContext inbound) {
    String[] parts = inbound.parent().split("-", -1);
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.createFromRemoteParent(
                    parts[1], parts[2], TraceFlags.fromHex(parts[3], 0), TraceState.getDefault())));
  }

  /// Begins the part that is the agent's.
  ///
  /// @param agent the configured URL
  public UpstreamSpan call(String method, URI agent) {
    Span call =
        tracer
            .spanBuilder(Words.name(method))
            .setSpanKind(SpanKind.CLIENT)
            .setParent(Context.root().with(span))
            .setAttribute(Words.METHOD, Words.method(method))
            .setAttribute(Words.ADDRESS, Words.host(agent))
            .setAttribute(Words.PORT, Words.port(agent))
            .startSpan();
    return new UpstreamSpan(call, state);
  }

  /// Ends it.
  ///
  /// @param status as it went out
  void end(Exchange exchange, int status) {
    span.setAttribute(Words.REQUEST_ID, exchange.requestId());
    span.setAttribute(Words.STATUS, status);
    exchange.outcome().ifPresent(outcome -> span.setAttribute(Words.OUTCOME, outcome));
    exchange.problem().ifPresent(problem -> span.setAttribute(Words.PROBLEM, problem.text()));
    failure(exchange, status).ifPresent(type -> Words.fail(span, type));
    span.end();
  }

  /// What was refused is no failure of the gate's, and neither is a browser that leaves.
  private static Optional<String> failure(Exchange exchange, int status) {
    Optional<ProblemCode> problem = exchange.problem();
    if (problem.isPresent()) {
      return problem.filter(code -> code.status() >= SERVER_ERROR).map(ProblemCode::text);
    }
    Optional<String> answered =
        status >= SERVER_ERROR ? Optional.of(Integer.toString(status)) : Optional.empty();
    return exchange.outcome().filter(Words::isBroken).or(() -> answered);
  }
}
