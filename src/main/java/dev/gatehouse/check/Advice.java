package dev.gatehouse.check;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.config.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What works, but is weaker than it could be.
record Advice(GatehouseConfig config) {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(cookie());
    if (config.auth().acceptsAnyAudience()) {
      findings.add(
          Finding.advice(
              "auth.audience: the check is off",
              "tokens meant for other services are accepted; name the audience of this one"));
    }
    config.server().publicOrigins().stream()
        .filter(Advice::isExposed)
        .forEach(origin ->
            findings.add(
                Finding.advice(
                    "server.public-origins: %s is not https".formatted(origin.text()),
                    "cookies and tokens can be read on the way; serve it over https")));
    if (config.server().publicOrigins().isEmpty() && isEverywhere(config.server().listen())) {
      findings.add(
          Finding.advice(
              "server.public-origins: none, while server.listen is no address a browser can have",
              "name the origins in the address bar, or older browsers are turned away"));
    }
    if (isEverywhere(config.admin().listen())) {
      findings.add(
          Finding.advice(
              "admin.listen: %s is open to the network".formatted(config.admin().listen().text()),
              "bind it to loopback or to a network of your own"));
    }
    return List.copyOf(findings);
  }

  private Finding cookie() {
    String text = "cookie: " + config.cookie().name();
    return config.cookie().isHostBound()
        ? Finding.passed(text)
        : Finding.advice(
            text, "a name beginning with __Host- is recommended: no other host can then set it");
  }

  private static boolean isExposed(Origin origin) {
    return origin.scheme().equals("http") && !origin.isLoopback();
  }

  private static boolean isEverywhere(ListenAddress listen) {
    return EVERYWHERE.contains(listen.host());
  }
}
