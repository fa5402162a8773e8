package dev.gatehouse.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything a running gate is told, shaped like `gatehouse.yaml`.
///
/// @param webapp the folder of static files served at `/`, if any
public record GatehouseConfig(
    ServerConfig server,
    AdminConfig admin,
    CookieConfig cookie,
    AuthConfig auth,
    CrossSiteConfig crossSite,
    AuditConfig audit,
    TelemetryConfig telemetry,
    List<RouteConfig> routes,
    ChatKitConfig chatkit,
    Optional<Path> webapp) {

  public GatehouseConfig {
    routes = List.copyOf(routes);
    Requirements requirements = new Requirements();
    requireDifferentPaths(requirements, routes);
    if (auth instanceof AuthConfig.Passthrough) {
      requireNothingOfTheToken(requirements, routes);
    }
    requirements
        .that(
            admin.listen().port() == 0 || !admin.listen().text().equals(server.listen().text()),
            "admin.listen",
            "must differ from server.listen: health and metrics are never public")
        .hold();
  }

  private static void requireDifferentPaths(Requirements requirements, List<RouteConfig> routes) {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < routes.size(); i++) {
      Integer first = seen.putIfAbsent(routes.get(i).path(), i);
      requirements.that(
          first == null,
          "routes[" + i + "].path",
          "is the same path as that of routes[" + first + "]");
    }
  }

  private static void requireNothingOfTheToken(
      Requirements requirements, List<RouteConfig> routes) {
    for (int i = 0; i < routes.size(); i++) {
      String route = "routes[" + i + "].";
      requirements
          .that(
              routes.get(i).onTokenExpiry() == RouteConfig.TokenExpiry.FINISH,
              route + "on-token-expiry",
              "must be finish in mode passthrough, in which nobody knows when a token ends")
          .that(
              Set.of(Map.of(), RouteConfig.IDENTITY).contains(routes.get(i).identityHeaders()),
              route + "identity-headers",
              "must be left out in mode passthrough, in which nobody knows the user");
    }
  }
}
