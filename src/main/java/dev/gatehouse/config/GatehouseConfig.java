package dev.gatehouse.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Everything a running gate is told, shaped like `gatehouse.yaml`.
///
/// @param webapp the folder of static files served at `/`, if any
public record GatehouseConfig(
    ServerConfig server,
    AdminConfig admin,
    CookieConfig cookie,
    AuthConfig auth,
    CrossSiteConfig crossSite,
    List<RouteConfig> routes,
    Optional<Path> webapp) {

  public GatehouseConfig {
    routes = List.copyOf(routes);
  }
}
