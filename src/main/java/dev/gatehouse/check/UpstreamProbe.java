package dev.gatehouse.check;

import dev.gatehouse.config.RouteConfig;
import java.net.URI;

/// Whether an agent server is there. Any HTTP answer will do: what it thinks of an unauthenticated
/// question is its own affair.
record UpstreamProbe(RouteConfig route, int index, Web web) {

  Finding run() {
    URI upstream = route.upstream();
    String place = "route %s: %s".formatted(route.path(), upstream);
    return switch (web.options(upstream)) {
      case Reply.Answer(int status, _) ->
          Finding.passed("%s answers (HTTP %d)".formatted(place, status));
      case Reply.Silence(String why) ->
          Finding.failed(
              place + ": " + why,
              "start the agent server, or correct routes[%d].upstream".formatted(index));
    };
  }
}
