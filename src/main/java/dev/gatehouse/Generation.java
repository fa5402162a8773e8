package dev.gatehouse;

import dev.gatehouse.auth.Authenticator;
import dev.gatehouse.auth.Cors;
import dev.gatehouse.auth.CrossSiteGuard;
import dev.gatehouse.auth.TokenJudge;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Origin;
import dev.gatehouse.config.Posture;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.config.ServerConfig;
import dev.gatehouse.connection.Http2;
import dev.gatehouse.http.AccessLog;
import dev.gatehouse.http.AddressRateFilter;
import dev.gatehouse.http.AuditLog;
import dev.gatehouse.http.ClientAddressFilter;
import dev.gatehouse.http.Listener;
import dev.gatehouse.http.NotFoundServlet;
import dev.gatehouse.http.ProblemFilter;
import dev.gatehouse.http.ProxyTrust;
import dev.gatehouse.http.Pseudonyms;
import dev.gatehouse.http.RateLimits;
import dev.gatehouse.http.ReadOnlyFilter;
import dev.gatehouse.http.RequestIdFilter;
import dev.gatehouse.http.SecurityHeadersFilter;
import dev.gatehouse.ops.Drain;
import dev.gatehouse.ops.DrainFilter;
import dev.gatehouse.ops.Metrics;
import dev.gatehouse.page.ClientModule;
import dev.gatehouse.page.ConfigServlet;
import dev.gatehouse.page.UserServlet;
import dev.gatehouse.page.Webapp;
import dev.gatehouse.relay.BodyRoom;
import dev.gatehouse.relay.Gate;
import dev.gatehouse.relay.RelayServlet;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.stream.OpenStreams;
import dev.gatehouse.trace.TraceFilter;
import dev.gatehouse.trace.TraceLog;
import dev.gatehouse.trace.Tracing;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.RequestLog;

/// What a gate makes of its configuration, once at the start and anew whenever that is read again:
/// what surrounds every request is the list in [#filters], what is served is the list in
/// [#servlets]. Where the settings are the same as before, keys, counts and names are taken over.
record Generation(GatehouseConfig config, TokenJudge tokens, Gate gate) {

  /// What stays for as long as the process runs.
  record Foundation(
      Listener front,
      Metrics metrics,
      Clocks clocks,
      OpenStreams streams,
      Drain drain,
      Optional<Tracing> tracing) {

    private TokenJudge judge(GatehouseConfig config) {
      return TokenJudge.open(config.auth(), InstantSource.system(), new AuthMeter(metrics));
    }
  }

  /// The first one.
  static Generation first(GatehouseConfig config, Foundation foundation) {
    return of(
        config,
        foundation,
        foundation.judge(config),
        new RateLimits(config.server().rateLimit()),
        BodyRoom.ofHeap(config.server().bodyTimeout()),
        Pseudonyms.under(config.audit().key()));
  }

  /// The one after this.
  Generation next(GatehouseConfig next, Foundation foundation) {
    boolean sameTokens = next.auth().equals(config.auth());
    return of(
        next,
        foundation,
        sameTokens ? tokens : foundation.judge(next),
        isSame(next, it -> it.server().rateLimit())
            ? gate.rates()
            : new RateLimits(next.server().rateLimit()),
        isSame(next, it -> it.server().bodyTimeout())
            ? gate.bodies()
            : BodyRoom.ofHeap(next.server().bodyTimeout()),
        isSame(next, it -> it.audit().key())
            ? gate.pseudonyms()
            : Pseudonyms.under(next.audit().key()));
  }

  private static Generation of(
      GatehouseConfig config,
      Foundation foundation,
      TokenJudge tokens,
      RateLimits rates,
      BodyRoom bodies,
      Pseudonyms pseudonyms) {
    List<Origin> origins = origins(config.server(), foundation.front());
    Gate gate =
        new Gate(
            new CrossSiteGuard(config.crossSite(), origins, Http2::hasBody),
            new Cors(config.crossSite()),
            Authenticator.of(config.cookie(), config.auth(), tokens, InstantSource.system()),
            origins,
            new ProxyTrust(config.server().trustedProxies(), origins),
            rates,
            foundation.streams(),
            bodies,
            pseudonyms,
            foundation.clocks());
    return new Generation(config, tokens, gate);
  }

  private static List<Origin> origins(ServerConfig config, Listener front) {
    return config.publicOrigins().isEmpty()
        ? List.of(Origin.parse(front.uri().toString()))
        : config.publicOrigins();
  }

  private boolean isSame(GatehouseConfig next, Function<GatehouseConfig, Object> setting) {
    return Objects.equals(setting.apply(config), setting.apply(next));
  }

  /// The settings that are others in the one after this, and that take a new process to take
  /// effect.
  List<String> leftAlone(GatehouseConfig next) {
    Map<String, Function<GatehouseConfig, Object>> fixed =
        Map.of(
            "server.listen", it -> it.server().listen(),
            "server.tls", it -> it.server().tls(),
            "server.max-header-size", it -> it.server().maxHeaderSize(),
            "server.header-timeout", it -> it.server().headerTimeout(),
            "admin", GatehouseConfig::admin,
            "telemetry", GatehouseConfig::telemetry);
    return fixed.entrySet().stream()
        .filter(setting -> !isSame(next, setting.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /// Whether it has what it needs of issuers.
  boolean isReady() {
    return tokens.conditions().values().stream().allMatch(BooleanSupplier::getAsBoolean);
  }

  /// Who is told of every exchange. Who reads the line of one finds it counted.
  RequestLog[] logs(Foundation foundation) {
    List<RequestLog> logs = new ArrayList<>(List.of(foundation.metrics()));
    foundation.tracing().ifPresent(_ -> logs.add(new TraceLog()));
    logs.add(new AccessLog());
    if (config.audit().enabled()) {
      logs.add(AuditLog.open(config.audit(), gate.pseudonyms(), Posture.of(config)));
    }
    return logs.toArray(RequestLog[]::new);
  }

  /// What surrounds every request and what is served, ready to be started.
  ///
  /// @param mounts what the embedding program adds
  ServletContextHandler context(Foundation foundation, List<Mount> mounts) {
    ServletContextHandler context = new ServletContextHandler();
    for (Filter filter : filters(foundation)) {
      context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    servlets(context);
    mounts.forEach(mount -> context.addServlet(mount.servlet(), mount.path()));
    if (config.webapp().isEmpty() && mounts.stream().noneMatch(m -> m.path().equals("/"))) {
      context.addServlet(new ServletHolder(new NotFoundServlet()), "/");
    }
    return context;
  }

  /// Outermost first.
  private List<Filter> filters(Foundation foundation) {
    Set<String> paths = config.routes().stream().map(RouteConfig::path).collect(Collectors.toSet());
    List<Filter> filters = new ArrayList<>(List.of(new RequestIdFilter(), new ProblemFilter()));
    foundation.tracing().ifPresent(tracing -> filters.add(new TraceFilter(tracing, paths)));
    filters.add(new ClientAddressFilter(gate.proxies()));
    filters.add(new SecurityHeadersFilter(config.chatkit()));
    filters.add(new DrainFilter(foundation.drain(), paths));
    return filters;
  }

  private void servlets(ServletContextHandler context) {
    for (RouteConfig route : config.routes()) {
      context.addServlet(new ServletHolder(new RelayServlet(route, gate)), route.path());
    }
    Map<String, HttpServlet> own =
        Map.of(
            "/bff/user",
            new UserServlet(gate.authenticator()),
            "/bff/config",
            new ConfigServlet(config.routes(), config.chatkit()),
            "/bff/client.js",
            ClientModule.of("gatehouse.js", "text/javascript; charset=utf-8"),
            "/bff/client.d.ts",
            ClientModule.of("gatehouse.d.ts", "text/plain; charset=utf-8"));
    own.forEach((path, servlet) -> {
      context.addServlet(new ServletHolder(servlet), path);
      context.addFilter(new ReadOnlyFilter(), path, EnumSet.of(DispatcherType.REQUEST));
    });
    Filter rate = new AddressRateFilter(gate.rates());
    for (String path : List.of("/bff/user", "/bff/config")) {
      context.addFilter(rate, path, EnumSet.of(DispatcherType.REQUEST));
    }
    config.webapp().ifPresent(folder -> context.addServlet(Webapp.of(folder), "/"));
  }
}
