package dev.gatehouse.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One path of the gate and the agent server behind it.
///
/// @param path exact, or a prefix when it ends in `/*`
/// @param upstream absolute `http` or `https` URL without query, fragment or user info
/// @param identityHeaders header set for the upstream to the claim it is taken from
/// @param forwardRequestHeaders further request headers let through, `X-Org-*` style
/// @param forwardResponseHeaders further response headers let through, `X-Org-*` style
/// @param addRequestHeaders fixed headers for the upstream; may carry its API key
/// @param rewriteUrls beginnings of URLs in answers, and the path that browsers know each under
/// @param maxBodySize bytes of a request body
/// @param heartbeat silence after which a comment line is written; zero is never
public record RouteConfig(
    String path,
    URI upstream,
    HttpVersion httpVersion,
    ProtocolName protocol,
    Set<String> methods,
    ContextConfig context,
    Map<String, String> identityHeaders,
    List<HeaderPattern> forwardRequestHeaders,
    List<HeaderPattern> forwardResponseHeaders,
    Map<String, Secret> addRequestHeaders,
    Map<String, String> rewriteUrls,
    long maxBodySize,
    TimeoutsConfig timeouts,
    TokenExpiry onTokenExpiry,
    Duration heartbeat) {

  /// The identity headers where the file is silent.
  static final Map<String, String> IDENTITY = Map.of("X-User-ID", "sub");

  public RouteConfig {
    methods = Set.copyOf(methods);
    identityHeaders = Map.copyOf(identityHeaders);
    forwardRequestHeaders = List.copyOf(forwardRequestHeaders);
    forwardResponseHeaders = List.copyOf(forwardResponseHeaders);
    addRequestHeaders = Map.copyOf(addRequestHeaders);
    rewriteUrls = Map.copyOf(rewriteUrls);

    Requirements requirements = new Requirements();
    RouteRules.path(requirements, path);
    RouteRules.methods(requirements, methods);
    RouteRules.identityHeaders(requirements, identityHeaders);
    RouteRules.addedHeaders(requirements, addRequestHeaders.keySet(), identityHeaders.keySet());
    RouteRules.forwardedHeaders(requirements, forwardRequestHeaders, forwardResponseHeaders);
    RouteRules.rewrittenUrls(requirements, rewriteUrls);
    RouteRules.body(requirements, protocol, context, maxBodySize);
    requirements
        .that(
            HttpUri.isPlain(upstream),
            "upstream",
            "must be an absolute http or https URL with a valid host and without user info, query"
                + " or fragment")
        .notNegative(heartbeat, "heartbeat")
        .hold();
  }

  /// A route of which only the necessary is said, and defaults for all else.
  public static RouteConfig of(String path, URI upstream, ProtocolName protocol) {
    return new RouteConfig(
        path,
        upstream,
        HttpVersion.HTTP_1_1,
        protocol,
        protocol.methods(),
        ContextConfig.DEFAULTS,
        IDENTITY,
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        10L * 1024 * 1024,
        TimeoutsConfig.DEFAULTS,
        TokenExpiry.FINISH,
        Duration.ZERO);
  }

  /// What happens to an open stream when the token that opened it expires.
  public enum TokenExpiry {
    FINISH,
    CLOSE
  }
}
