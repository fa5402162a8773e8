package dev.gatehouse.upstream;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.HeaderPattern;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.config.Secret;
import dev.gatehouse.http.Forwarding;
import dev.gatehouse.http.TraceContext;
import dev.gatehouse.protocol.Protocol;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.Headers;

/// The headers of an upstream request, built from empty: what the protocol needs from the client,
/// and then what only Gatehouse may say. The client's own come first and are judged by what the
/// client sent, so that nothing it says can remove or shadow ours.
final class RequestHeaders {
  private static final Set<String> ALWAYS =
      Set.of("content-type", "accept", "accept-language", "last-event-id", "idempotency-key");
  private static final Set<String> ON_RAW =
      Set.of(
          "range",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range");
  private static final List<String> SET_HERE =
      List.of(
          "authorization",
          "cookie",
          "host",
          "origin",
          "referer",
          "via",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-request-id",
          "x-page-context",
          "x-csrf",
          "user-agent",
          "accept-encoding",
          "content-length",
          "expect");

  private final Set<String> plain;
  private final List<HeaderPattern> patterns;
  private final Set<String> reserved;
  private final Map<String, String> identity;
  private final Map<String, Secret> fixed;

  RequestHeaders(RouteConfig route, Protocol protocol) {
    this.plain =
        protocol.readsBody() ? ALWAYS : Set.copyOf(HeaderNames.foldedAll(ALWAYS, ON_RAW.stream()));
    this.patterns =
        Stream.concat(protocol.headers().stream(), route.forwardRequestHeaders().stream()).toList();
    this.identity = route.identityHeaders();
    this.fixed = route.addRequestHeaders();
    this.reserved =
        HeaderNames.foldedAll(
            SET_HERE, Stream.concat(identity.keySet().stream(), fixed.keySet().stream()));
  }

  /// All headers for one request but [PassingHeaders#KEPT].
  Headers build(
      HttpServletRequest inbound,
      Caller caller,
      Forwarding forwarding,
      String requestId,
      Optional<TraceContext> trace) {
    Headers.Builder headers = new Headers.Builder();
    copyAllowed(inbound, headers);
    trace.ifPresent(context -> context.headers(headers::add));
    fixed.forEach((name, value) -> headers.addUnsafeNonAscii(name, value.reveal()));
    identity.forEach((name, claim) ->
        caller
            .claim(claim)
            .filter(value -> HeaderText.isFieldValue(value) && value.equals(value.strip()))
            .ifPresent(value -> headers.addUnsafeNonAscii(name, value)));
    return headers
        .add("Authorization", "Bearer " + caller.bearer())
        .add("X-Request-Id", requestId)
        .add("Forwarded", forwarding.forwarded())
        .add("X-Forwarded-For", forwarding.forwardedFor())
        .add("X-Forwarded-Proto", forwarding.proto())
        .add("X-Forwarded-Host", forwarding.host())
        .add("Via", "1.1 gatehouse")
        .build();
  }

  private void copyAllowed(HttpServletRequest inbound, Headers.Builder headers) {
    Set<String> nominated =
        HeaderNames.nominated(Collections.list(inbound.getHeaders("Connection")));
    for (String name : Collections.list(inbound.getHeaderNames())) {
      if (crosses(HeaderNames.lower(name), nominated)) {
        Collections.list(inbound.getHeaders(name)).stream()
            .filter(HeaderText::isFieldValue)
            .forEach(value -> headers.addUnsafeNonAscii(name, HeaderText.fromContainer(value)));
      }
    }
  }

  private boolean crosses(String name, Set<String> nominated) {
    return (plain.contains(name) || patterns.stream().anyMatch(p -> p.matches(name)))
        && !reserved.contains(HeaderNames.folded(name))
        && !HeaderNames.HOP_BY_HOP.contains(name)
        && !nominated.contains(name);
  }
}
