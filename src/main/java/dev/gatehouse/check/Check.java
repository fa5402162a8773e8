package dev.gatehouse.check;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Posture;
import dev.gatehouse.config.RouteConfig;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The `check` command: tries everything a configuration names and tells the operator what to do
/// about whatever does not work.
public final class Check {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final GatehouseConfig config;
  private final PrintStream out;
  private final InstantSource clock;
  private final Duration patience;
  private int failures;

  Check(GatehouseConfig config, PrintStream out, InstantSource clock, Duration patience) {
    this.config = config;
    this.out = out;
    this.clock = clock;
    this.patience = patience;
  }

  /// Prints one line per probe, `✓ …` or `✗ … — cure`, as soon as it is known.
  ///
  /// @return whether all passed; the last line then is `✓ gatehouse ready`
  public static boolean run(GatehouseConfig config, PrintStream out) {
    return new Check(config, out, InstantSource.system(), PATIENCE).run();
  }

  boolean run() {
    report(Finding.passed("configuration is valid"));
    report(new ListenerProbe("server.listen", config.server().listen()).run());
    report(new ListenerProbe("admin.listen", config.admin().listen()).run());
    config.server().tls().ifPresent(tls -> report(new TlsProbe(tls, clock).run()));
    config.webapp().ifPresent(folder -> report(new WebappProbe(folder).run()));
    report(posture());
    report(new Advice(config).run());
    try (Web web = new Web(patience)) {
      reportIssuers(web);
      reportUpstreams(web);
      reportCollector(web);
    }
    out.println(
        failures == 0
            ? Finding.passed("gatehouse ready")
            : Finding.failed("gatehouse is not ready", "see the lines above marked ✗"));
    return failures == 0;
  }

  /// What is enforced, in the words of the audit log.
  private List<Finding> posture() {
    return Posture.of(config).areas().entrySet().stream()
        .map(area ->
            Finding.passed("posture of %s: %s".formatted(area.getKey(), text(area.getValue()))))
        .toList();
  }

  private static String text(Map<String, Object> facts) {
    return facts.entrySet().stream()
        .map(fact -> fact.getKey() + " " + fact.getValue())
        .collect(Collectors.joining(", "));
  }

  private void reportIssuers(Web web) {
    switch (config.auth()) {
      case AuthConfig.Jwt jwt ->
          jwt.issuers().forEach(issuer -> report(new IssuerProbe(issuer, web).run()));
      case AuthConfig.Introspection asking -> report(new IntrospectionProbe(asking, web).run());
      case AuthConfig.Passthrough _ ->
          report(
              Finding.advice(
                  "auth.mode: passthrough",
                  "no token is verified here; every agent must do it itself"));
    }
  }

  private void reportUpstreams(Web web) {
    List<RouteConfig> routes = config.routes();
    for (int i = 0; i < routes.size(); i++) {
      RouteConfig route = routes.get(i);
      String cure = "start the agent server, or correct routes[%d].upstream".formatted(i);
      report(new ServerProbe("route " + route.path(), route.upstream(), cure, web).run());
    }
  }

  private void reportCollector(Web web) {
    String key = "telemetry.traces.endpoint";
    config
        .telemetry()
        .traces()
        .map(to ->
            new ServerProbe(key, to.endpoint(), "start the collector, or correct " + key, web))
        .ifPresent(probe -> report(probe.run()));
  }

  private void report(List<Finding> findings) {
    findings.forEach(this::report);
  }

  private void report(Finding finding) {
    failures += finding.passed() ? 0 : 1;
    out.println(finding);
  }
}
