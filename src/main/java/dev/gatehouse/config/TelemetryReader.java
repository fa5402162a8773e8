package dev.gatehouse.config;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Reads the `telemetry` of a file.
final class TelemetryReader {
  private static final TracesConfig ANYWHERE = TracesConfig.to(URI.create("http://127.0.0.1"));

  private TelemetryReader() {}

  static TelemetryConfig telemetry(Section section) {
    Optional<TracesConfig> traces = section.sectionIfAny("traces").map(TelemetryReader::traces);
    return section.build(TelemetryConfig.DEFAULTS, () -> new TelemetryConfig(traces));
  }

  private static TracesConfig traces(Section section) {
    URI endpoint = section.required("endpoint", ANYWHERE.endpoint(), HttpUri::parse);
    String name = section.value("service-name", Function.identity()).orElse(ANYWHERE.serviceName());
    double ratio = section.value("sample-ratio", Amount::share).orElse(ANYWHERE.sampleRatio());
    Map<String, Secret> headers = section.map("headers", Secret::parse).orElse(ANYWHERE.headers());
    return section.build(ANYWHERE, () -> new TracesConfig(endpoint, name, ratio, headers));
  }
}
