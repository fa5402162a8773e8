package dev.gatehouse.config;

import static dev.gatehouse.config.Refusals.accept;
import static dev.gatehouse.config.Refusals.assertRefused;
import static dev.gatehouse.config.Refusals.file;
import static dev.gatehouse.config.Refusals.refuse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TelemetryConfigTest {
  private static final String ENDPOINT = "endpoint: 'https://c.example:4318/v1/traces'";

  private static Optional<TracesConfig> traces(String top) {
    return accept(file(top, "", "")).telemetry().traces();
  }

  private static String with(String line) {
    return "telemetry: {traces: {" + ENDPOINT + ", " + line + "}}";
  }

  private static void assertTracesRefused(String line, String key, String cure) {
    assertRefused(with(line), "telemetry.traces." + key, cure);
  }

  @Test
  void thereAreNoTracesUnlessTheyAreAskedFor() {
    assertEquals(Optional.empty(), traces(""));
    assertEquals(Optional.empty(), traces("telemetry: {}"));
  }

  @Test
  void endpointIsEnough() {
    assertEquals(
        Optional.of(
            new TracesConfig(
                URI.create("https://c.example:4318/v1/traces"), "gatehouse", 1, Map.of())),
        traces("telemetry: {traces: {" + ENDPOINT + "}}"));
  }

  @Test
  void allOfItIsRead(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "Basic abc\n");
    TracesConfig traces =
        traces(
                with(
                    "service-name: front, sample-ratio: 0.25, headers: {Authorization: 'file:"
                        + file
                        + "'}"))
            .orElseThrow();
    assertEquals("front", traces.serviceName());
    assertEquals(0.25, traces.sampleRatio());
    assertEquals(Map.of("Authorization", new Secret("Basic abc")), traces.headers());
    assertFalse(traces.toString().contains("abc"), traces::toString);
  }

  @Test
  void slipsStopTheStart() {
    assertRefused("telemetry: {trace: {}}", "telemetry.trace", "did you mean 'traces'?");
    assertRefused("telemetry: {traces: {}}", "telemetry.traces", "needs the key endpoint");
    assertTracesRefused("ratio: 1", "ratio", "unknown key");
    for (String ratio : List.of("1.1", "2", "-1", "10%", "''", "1e-3", "NaN", ".5")) {
      assertTracesRefused("sample-ratio: " + ratio, "sample-ratio", "must be a number from 0 to 1");
    }
    assertTracesRefused("service-name: ' '", "service-name", "must not be empty");
    assertTracesRefused("headers: {a b: c}", "headers.a b", "must be a header name");
    assertTracesRefused("headers: {Host: c}", "headers.Host", "is set by the export itself");
    assertTracesRefused("headers: {X-Key: ' a'}", "headers.X-Key", "must be one line");
  }

  @Test
  void endpointMustBeAUrlThatHoldsNoSecret() {
    for (String url :
        List.of(
            "collector:4318",
            "/v1/traces",
            "grpc://collector:4317",
            "https://u:p@collector/v1/traces",
            "https://collector/v1/traces?key=1")) {
      assertRefused(
          "telemetry: {traces: {endpoint: '" + url + "'}}",
          "telemetry.traces.endpoint",
          "must be an absolute http or https URL");
    }
  }

  @Test
  void allProblemsComeAtOnce() {
    assertEquals(
        List.of("telemetry.traces.service-name", "telemetry.traces.sample-ratio"),
        refuse(file(with("service-name: '', sample-ratio: 7"), "", ""), Map.of())
            .problems()
            .stream()
            .map(ConfigProblem::key)
            .toList());
  }
}
