package dev.gatehouse.check;

import dev.gatehouse.config.CrossSiteConfig;
import dev.gatehouse.config.EncryptionConfig;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.config.Origin;
import dev.gatehouse.config.ProtocolName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What works, but is weaker than it could be.
record Advice(GatehouseConfig config) {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

  List<Finding> run() {
    Stream<Finding> settings =
        Stream.of(
                Optional.of(cookie()),
                plainCookie(),
                audience(),
                crossSite(),
                missingOrigins(),
                admin())
            .flatMap(Optional::stream);
    return Stream.of(settings, exposedOrigins(), passedTokens()).flatMap(all -> all).toList();
  }

  private Finding cookie() {
    String text = "cookie: " + config.cookie().name();
    return config.cookie().isHostBound()
        ? Finding.passed(text)
        : Finding.advice(
            text, "a name beginning with __Host- is recommended: no other host can then set it");
  }

  private Optional<Finding> plainCookie() {
    return config
        .cookie()
        .encryption()
        .filter(EncryptionConfig::acceptPlain)
        .map(_ ->
            Finding.advice(
                "cookie.encryption.accept-plain: bare tokens are accepted too",
                "switch it off once all cookies are sealed"));
  }

  private Optional<Finding> audience() {
    return Optional.of(
            Finding.advice(
                "auth.audience: the check is off",
                "tokens meant for other services are accepted; name the audience of this one"))
        .filter(_ -> config.auth().acceptsAnyAudience());
  }

  private Optional<Finding> crossSite() {
    return Optional.of(
            Finding.advice(
                "cross-site.mode: log-only, requests of other sites are let through",
                "set it to enforce once the audit log has no would-deny left"))
        .filter(_ -> config.crossSite().mode() == CrossSiteConfig.Mode.LOG_ONLY);
  }

  private Optional<Finding> missingOrigins() {
    boolean guessed = config.server().publicOrigins().isEmpty();
    return Optional.of(
            Finding.advice(
                "server.public-origins: none, while server.listen is no address a browser can have",
                "name the origins in the address bar, or older browsers are turned away"))
        .filter(_ -> guessed && isEverywhere(config.server().listen()));
  }

  private Optional<Finding> admin() {
    ListenAddress listen = config.admin().listen();
    return Optional.of(
            Finding.advice(
                "admin.listen: %s is open to the network".formatted(listen.text()),
                "bind it to loopback or to a network of your own"))
        .filter(_ -> isEverywhere(listen));
  }

  private Stream<Finding> exposedOrigins() {
    return config.server().publicOrigins().stream()
        .filter(origin -> origin.scheme().equals("http") && !origin.isLoopback())
        .map(Origin::text)
        .map(origin ->
            Finding.advice(
                "server.public-origins: %s is not https".formatted(origin),
                "cookies and tokens can be read on the way; serve it over https"));
  }

  private Stream<Finding> passedTokens() {
    return config.routes().stream()
        .filter(route -> route.protocol() == ProtocolName.MCP)
        .map(route ->
            Finding.advice(
                "routes: %s speaks MCP, which forbids to pass tokens on".formatted(route.path()),
                "let the server accept only tokens with an audience of its own"));
  }

  private static boolean isEverywhere(ListenAddress listen) {
    return EVERYWHERE.contains(listen.host());
  }
}
