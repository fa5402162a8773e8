package dev.gatehouse.upstream;

import dev.gatehouse.config.HeaderPattern;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.protocol.Protocol;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/// Which of an upstream's response headers a browser gets to see: an allow-list again, and never
/// one that sets cookies, opens the gate to other origins or steers a proxy in front of us.
final class ResponseHeaders {
  private static final Set<String> ALWAYS =
      Set.of(
          "content-type",
          "content-encoding",
          "content-language",
          "content-disposition",
          "content-range",
          "accept-ranges",
          "etag",
          "last-modified",
          "cache-control",
          "expires",
          "vary",
          "retry-after",
          "ratelimit",
          "ratelimit-policy",
          "ratelimit-limit",
          "ratelimit-remaining",
          "ratelimit-reset");
  private static final Set<String> NEVER =
      Set.of(
          "set-cookie",
          "set-cookie2",
          "clear-site-data",
          "server",
          "x-accel-redirect",
          "x-accel-buffering",
          "content-length",
          "content-security-policy",
          "x-content-type-options",
          "x-request-id",
          "x-gatehouse-context");

  private final List<HeaderPattern> patterns;
  private final LocationRewrite location;

  ResponseHeaders(RouteConfig route, Protocol protocol, LocationRewrite location) {
    this.patterns =
        Stream.of(protocol.headers(), protocol.answerHeaders(), route.forwardResponseHeaders())
            .flatMap(List::stream)
            .toList();
    this.location = location;
  }

  /// Hands on what may pass, in the upstream's order.
  ///
  /// @param asked the address that gave this answer, which relative ones start from
  void copy(HttpUrl asked, Headers upstream, BiConsumer<String, String> sink) {
    Set<String> nominated = HeaderNames.nominated(upstream.values("Connection"));
    upstream.forEach(header -> {
      String name = HeaderNames.lower(header.getFirst());
      if (crosses(name) && !nominated.contains(name)) {
        sink.accept(header.getFirst(), HeaderText.toContainer(header.getSecond()));
      } else if ("location".equals(name)) {
        location.rewrite(asked, header.getSecond()).ifPresent(to -> sink.accept("Location", to));
      }
    });
  }

  private boolean crosses(String name) {
    boolean listed =
        ALWAYS.contains(name)
            || name.startsWith("x-ratelimit-")
            || patterns.stream().anyMatch(pattern -> pattern.matches(name));
    return listed
        && !NEVER.contains(name)
        && !name.startsWith("access-control-")
        && !HeaderNames.HOP_BY_HOP.contains(name);
  }
}
