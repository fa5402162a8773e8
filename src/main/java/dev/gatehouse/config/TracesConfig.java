package dev.gatehouse.config;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Where OpenTelemetry traces go, and how many of them.
///
/// @param endpoint takes OTLP over HTTP, and is used as it is
/// @param serviceName what the gate is called there
/// @param sampleRatio of all exchanges, from 0 to 1
/// @param headers of every export
public record TracesConfig(
    URI endpoint, String serviceName, double sampleRatio, Map<String, Secret> headers) {
  private static final Set<String> OF_THE_EXPORT =
      Set.of(
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "transfer-encoding",
          "upgrade");

  public TracesConfig {
    headers = Map.copyOf(headers);
    Requirements requirements =
        new Requirements()
            .that(
                HttpUri.isPlain(endpoint),
                "endpoint",
                "must be an absolute http or https URL without user info, query or fragment, such"
                    + " as https://collector:4318/v1/traces")
            .that(!serviceName.isBlank(), "service-name", "must not be empty")
            .that(
                sampleRatio >= 0 && sampleRatio <= 1,
                "sample-ratio",
                "must be a number from 0 to 1");
    for (String name : headers.keySet()) {
      boolean free = !OF_THE_EXPORT.contains(name.toLowerCase(Locale.ROOT));
      requirements
          .that(
              HeaderName.isToken(name),
              "headers." + name,
              "must be a header name: letters, digits and -")
          .that(free, "headers." + name, "is set by the export itself");
    }
    requirements.hold();
  }

  /// Where only the necessary is said, and defaults for all else.
  public static TracesConfig to(URI endpoint) {
    return new TracesConfig(endpoint, "gatehouse", 1, Map.of());
  }
}
