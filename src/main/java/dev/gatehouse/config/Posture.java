package dev.gatehouse.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The settings that decide how safe a gate is, as they take effect, defaults included: words and
/// numbers of ours, no names, addresses or secrets.
///
/// @param areas what belongs together, under a word for it; no fact is in two of them
public record Posture(Map<String, Map<String, Object>> areas) {

  public Posture {
    areas = Collections.unmodifiableMap(new LinkedHashMap<>(areas));
  }

  /// The posture of a configuration.
  public static Posture of(GatehouseConfig config) {
    Map<String, Map<String, Object>> areas = new LinkedHashMap<>();
    areas.put("network", network(config.server()));
    areas.put("cookie", cookie(config.cookie()));
    areas.put("tokens", tokens(config.auth()));
    areas.put("pages", pages(config.crossSite()));
    areas.put("limits", limits(config.server()));
    areas.put("audit", audit(config.audit()));
    areas.put("routes", routes(config));
    return new Posture(areas);
  }

  private static Map<String, Object> network(ServerConfig server) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("tls", server.tls().isPresent());
    facts.put("trustedProxies", server.trustedProxies().size());
    return facts;
  }

  private static Map<String, Object> cookie(CookieConfig cookie) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("hostCookie", cookie.isHostBound());
    facts.put("sealedCookie", cookie.encryption().isPresent());
    return facts;
  }

  private static Map<String, Object> tokens(AuthConfig auth) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("authMode", auth.mode());
    facts.put("anyAudience", auth.acceptsAnyAudience());
    return facts;
  }

  private static Map<String, Object> pages(CrossSiteConfig crossSite) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("crossSite", crossSite.mode().text());
    facts.put("csrfHeader", crossSite.requireHeader());
    facts.put("allowedOrigins", crossSite.allowedOrigins().size());
    return facts;
  }

  private static Map<String, Object> limits(ServerConfig server) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("maxStreams", server.maxStreams());
    facts.put("maxStreamsPerUser", server.maxStreamsPerUser());
    facts.put("ratePerUser", rate(server.rateLimit().perUser()));
    facts.put("ratePerAddress", rate(server.rateLimit().perAddress()));
    return facts;
  }

  private static String rate(RateConfig rate) {
    return rate.limits() ? rate.requests() + " per " + rate.per().toSeconds() + "s" : "off";
  }

  private static Map<String, Object> audit(AuditConfig audit) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("auditEvents", audit.enabled());
    facts.put("auditKey", audit.key().isPresent() ? "configured" : "random");
    return facts;
  }

  private static Map<String, Object> routes(GatehouseConfig config) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("routes", config.routes().size());
    facts.put(
        "routesClosedOnExpiry",
        config.routes().stream()
            .filter(route -> route.onTokenExpiry() == RouteConfig.TokenExpiry.CLOSE)
            .count());
    return facts;
  }

  /// All of it, for a log.
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    areas.values().forEach(facts::putAll);
    return facts;
  }
}
