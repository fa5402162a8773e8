package dev.gatehouse.check;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.RouteConfig;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

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
    report(new Advice(config).run());
    try (Web web = new Web(patience)) {
      report(new IssuerProbe(config.auth(), web).run());
      reportUpstreams(web);
    }
    out.println(
        failures == 0
            ? Finding.passed("gatehouse ready")
            : Finding.failed("gatehouse is not ready", "see the lines above marked ✗"));
    return failures == 0;
  }

  private void reportUpstreams(Web web) {
    List<RouteConfig> routes = config.routes();
    for (int i = 0; i < routes.size(); i++) {
      report(new UpstreamProbe(routes.get(i), i, web).run());
    }
  }

  private void report(List<Finding> findings) {
    findings.forEach(this::report);
  }

  private void report(Finding finding) {
    failures += finding.passed() ? 0 : 1;
    out.println(finding);
  }
}
