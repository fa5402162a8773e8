package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Collector;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Ready;
import dev.gatehouse.testing.ScriptedUpstream;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged program with a collector of traces, there or not.
final class TracesIT {
  @TempDir private Path folder;
  private final TestIssuer issuer = TestIssuer.start();
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "pong");

  @AfterEach
  void stop() throws Exception {
    upstream.close();
    issuer.close();
  }

  /// Asks once, stops the program, and hands out what it logged.
  private List<JsonNode> run(URI collector) throws Exception {
    Files.writeString(
        folder.resolve("gate.yaml"),
        """
        server: {listen: '127.0.0.1:0'}
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        telemetry: {traces: {endpoint: '%s'}}
        routes:
          - {path: %s, upstream: '%s'}
        """
            .formatted(issuer.issuer(), collector, PATH, upstream.uri()));
    try (Program program = Program.start(folder, "serve", "--config", "gate.yaml")) {
      Browser browser =
          Browser.at(Ready.withKeys(program).gate()).signedInWith(issuer.tokenFor("user-1"));
      assertEquals("pong", browser.post(PATH, Browser.MESSAGE).text());
      program.terminate();
      assertEquals(0, program.exitCode());
      assertEquals(1, program.out().size());
      return program.err().stream().map(JsonMapper.shared()::readTree).toList();
    }
  }

  private static List<JsonNode> of(String logger, List<JsonNode> lines) {
    return lines.stream()
        .filter(line -> line.get("logger_name").asString().startsWith(logger))
        .toList();
  }

  @Test
  void whatIsWaitingIsSentBeforeTheEnd() throws Exception {
    try (Collector collector = Collector.start()) {
      List<JsonNode> lines = run(collector.endpoint());
      assertEquals(List.of(), of("dev.gatehouse.trace", lines));
      assertEquals(1, collector.spans(Span.SpanKind.SPAN_KIND_SERVER).size());
      assertEquals(1, collector.spans(Span.SpanKind.SPAN_KIND_CLIENT).size());
      assertEquals("gatehouse", collector.resource().get("service.name"));
      String requestId = of("gatehouse.access", lines).getFirst().get("requestId").asString();
      Span server = collector.spans(Span.SpanKind.SPAN_KIND_SERVER).getFirst();
      assertEquals(requestId, Collector.facts(server).get("gatehouse.request_id"));
    }
  }

  @Test
  void collectorThatIsNotThereIsALineOfTheLog() throws Exception {
    List<JsonNode> lines = of("dev.gatehouse.trace", run(URI.create("http://127.0.0.1:1/")));
    assertEquals(
        "spans are lost: the collector did not take them",
        lines.getLast().get("message").asString());
    assertEquals(2, lines.getLast().get("spans").asInt());
  }
}
