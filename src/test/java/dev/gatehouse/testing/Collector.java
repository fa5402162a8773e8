package dev.gatehouse.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Takes the traces that a gate sends by OTLP over HTTP, and can read them.
public final class Collector implements AutoCloseable {
  private static final String TAKEN =
      "HTTP/1.1 200 OK\r\nX-Kanarienvogel: kanarienvogel\r\nContent-Length: 0\r\n\r\n";

  private final ScriptedUpstream server;

  private Collector(ScriptedUpstream server) {
    this.server = server;
  }

  /// One that takes everything.
  public static Collector start() {
    return running((_, wire) -> wire.send(TAKEN));
  }

  /// One that does with each request what a script says.
  public static Collector running(ScriptedUpstream.Script script) {
    return new Collector(ScriptedUpstream.running(script));
  }

  /// The section of a configuration that sends all traces here.
  public String[] section(String... more) {
    List<String> head = List.of("telemetry:", "  traces:", "    endpoint: " + endpoint());
    return Stream.concat(head.stream(), List.of(more).stream().map("    "::concat))
        .toArray(String[]::new);
  }

  /// Where it takes them.
  public URI endpoint() {
    return server.uri();
  }

  /// All requests so far.
  public List<Received> requests() {
    return server.requests();
  }

  private List<ResourceSpans> resources() {
    return requests().stream()
        .map(Collector::read)
        .flatMap(request -> request.getResourceSpansList().stream())
        .toList();
  }

  private static ExportTraceServiceRequest read(Received request) {
    try {
      ExportTraceServiceRequest sent = ExportTraceServiceRequest.parseFrom(request.body());
      LeakRecord.keep(LeakRecord.Kind.SPANS, sent.toString());
      return sent;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(request.head(), e);
    }
  }

  /// All spans so far.
  public List<Span> spans() {
    return resources().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /// The spans of one kind so far.
  public List<Span> spans(Span.SpanKind kind) {
    return spans().stream().filter(span -> span.getKind() == kind).toList();
  }

  /// What all spans are said to come from.
  public Map<String, String> resource() {
    return facts(resources().getFirst().getResource().getAttributesList());
  }

  /// The attributes of a span.
  public static Map<String, String> facts(Span span) {
    return facts(span.getAttributesList());
  }

  private static Map<String, String> facts(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, fact -> text(fact.getValue())));
  }

  private static String text(AnyValue value) {
    return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
