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
import dev.gatehouse.ops.AdminListener;
import dev.gatehouse.ops.Drain;
import dev.gatehouse.ops.DrainFilter;
import dev.gatehouse.ops.Metrics;
import dev.gatehouse.ops.Readiness;
import dev.gatehouse.page.ClientModule;
import dev.gatehouse.page.ConfigServlet;
import dev.gatehouse.page.UserServlet;
import dev.gatehouse.page.Webapp;
import dev.gatehouse.relay.BodyRoom;
import dev.gatehouse.relay.Gate;
import dev.gatehouse.relay.RelayServlet;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.Headroom;
import dev.gatehouse.stream.OpenStreams;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.RequestLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running gate, and the composition root: what surrounds every request is the list in
/// [#filters], what is served is the list in [#servlets].
public final class Gatehouse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gatehouse.class);
  private static final Duration BREAK_TIME = Duration.ofSeconds(2);

  private final ServerConfig config;
  private final Listener front;
  private final Listener admin;
  private final OpenStreams streams;
  private final Drain drain;
  private final Deque<AutoCloseable> parts;

  private Gatehouse(
      ServerConfig config,
      Listener front,
      Listener admin,
      OpenStreams streams,
      Drain drain,
      Deque<AutoCloseable> parts) {
    this.config = config;
    this.front = front;
    this.admin = admin;
    this.streams = streams;
    this.drain = drain;
    this.parts = parts;
  }

  /// Binds both listeners and starts. Signing keys are fetched in the background: until they are
  /// there the gate is not ready.
  ///
  /// @param mounts what the embedding program adds, such as the demo's sign-in page
  /// @throws java.io.IOException if an address can not be bound
  /// @throws dev.gatehouse.http.UnusableIdentityException if certificate or key can not be used
  public static Gatehouse start(GatehouseConfig config, List<Mount> mounts) throws Exception {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(config, mounts, parts);
    } catch (Exception e) {
      closeAll(parts);
      throw e;
    }
  }

  private static Gatehouse start(
      GatehouseConfig config, List<Mount> mounts, Deque<AutoCloseable> parts) throws Exception {
    Metrics metrics = new Metrics();
    Listener front = opened(parts, Listener.bind("gatehouse", config.server()));
    TokenJudge tokens =
        opened(
            parts, TokenJudge.open(config.auth(), InstantSource.system(), new AuthMeter(metrics)));
    Clocks clocks = opened(parts, new Clocks());
    Headroom headroom = opened(parts, Headroom.ofProcess(clocks));
    Drain drain = new Drain();
    OpenStreams streams =
        new OpenStreams(
            config.server().maxStreams(), config.server().maxStreamsPerUser(), headroom::admits);
    metrics.showHeadroom(headroom::suffices);
    List<Origin> origins = origins(config.server(), front);
    Gate gate =
        new Gate(
            new CrossSiteGuard(config.crossSite(), origins, Http2::hasBody),
            new Cors(config.crossSite()),
            Authenticator.of(config.cookie(), config.auth(), tokens, InstantSource.system()),
            origins,
            new ProxyTrust(config.server().trustedProxies(), origins),
            new RateLimits(config.server().rateLimit()),
            streams,
            BodyRoom.ofHeap(config.server().bodyTimeout()),
            Pseudonyms.under(config.audit().key()),
            clocks);
    Readiness readiness = readiness(tokens, drain, metrics);
    Listener admin = opened(parts, AdminListener.start(config.admin(), readiness, metrics));
    for (RouteConfig route : config.routes()) {
      metrics.showOpenStreams(route.path(), () -> streams.count(route.path()));
    }
    front.start(context(config, gate, drain, mounts), drain.after(logs(config, metrics)));
    return new Gatehouse(config.server(), front, admin, streams, drain, parts);
  }

  /// Who reads the line of an exchange finds it counted.
  private static RequestLog[] logs(GatehouseConfig config, Metrics metrics) {
    List<RequestLog> logs = new ArrayList<>(List.of(metrics, new AccessLog()));
    if (config.audit().enabled()) {
      logs.add(AuditLog.open(config.audit(), Posture.of(config)));
    }
    return logs.toArray(RequestLog[]::new);
  }

  private static Readiness readiness(TokenJudge tokens, Drain drain, Metrics metrics) {
    Readiness readiness = new Readiness();
    tokens
        .conditions()
        .forEach((name, holds) -> {
          readiness.require(name, holds);
          metrics.showCondition(name, holds);
        });
    return readiness.require("not-draining", () -> !drain.draining());
  }

  private static ServletContextHandler context(
      GatehouseConfig config, Gate gate, Drain drain, List<Mount> mounts) {
    ServletContextHandler context = new ServletContextHandler();
    for (Filter filter : filters(gate, drain, config)) {
      context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    servlets(context, config, gate);
    mounts.forEach(mount -> context.addServlet(mount.servlet(), mount.path()));
    if (config.webapp().isEmpty() && mounts.stream().noneMatch(m -> m.path().equals("/"))) {
      context.addServlet(new ServletHolder(new NotFoundServlet()), "/");
    }
    return context;
  }

  /// Outermost first.
  private static List<Filter> filters(Gate gate, Drain drain, GatehouseConfig config) {
    Set<String> paths = config.routes().stream().map(RouteConfig::path).collect(Collectors.toSet());
    return List.of(
        new RequestIdFilter(),
        new ProblemFilter(),
        new ClientAddressFilter(gate.proxies()),
        new SecurityHeadersFilter(config.chatkit()),
        new DrainFilter(drain, paths));
  }

  private static void servlets(ServletContextHandler context, GatehouseConfig config, Gate gate) {
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

  private static List<Origin> origins(ServerConfig config, Listener front) {
    return config.publicOrigins().isEmpty()
        ? List.of(Origin.parse(front.uri().toString()))
        : config.publicOrigins();
  }

  /// Where browsers find it.
  public URI uri() {
    return front.uri();
  }

  /// Where operators find it.
  public URI adminUri() {
    return admin.uri();
  }

  /// Stops as operators wish it: readiness fails first, new requests are turned away, open streams
  /// may finish within the drain timeout, and what is left then is broken.
  public void drain() throws InterruptedException {
    drain.begin();
    LOG.atInfo().addKeyValue("openStreams", streams.count()).log("draining");
    if (!drain.awaitIdle(config.drainTimeout())) {
      streams.endAll(Ending.DRAINED);
    }
    drain.awaitSilence(BREAK_TIME);
    close();
  }

  /// Stops at once.
  @Override
  public void close() {
    closeAll(parts);
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> parts, T part) {
    parts.push(part);
    return part;
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.atWarn().addKeyValue("exception", e.getClass().getName()).log("part did not close");
      }
    }
  }
}
