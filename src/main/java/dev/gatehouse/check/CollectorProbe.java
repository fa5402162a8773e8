package dev.gatehouse.check;

import dev.gatehouse.config.TracesConfig;

/// Whether the collector of traces is there. It is asked what it can do, and sent nothing; any HTTP
/// answer will do.
record CollectorProbe(TracesConfig traces, Web web) {

  Finding run() {
    String place = "telemetry.traces.endpoint: " + traces.endpoint();
    return switch (web.options(traces.endpoint())) {
      case Reply.Answer(int status, _) ->
          Finding.passed("%s answers (HTTP %d)".formatted(place, status));
      case Reply.Silence(String why) ->
          Finding.failed(
              place + ": " + why, "start the collector, or correct telemetry.traces.endpoint");
    };
  }
}
