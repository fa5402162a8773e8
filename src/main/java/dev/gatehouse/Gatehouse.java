package dev.gatehouse;

import dev.gatehouse.auth.Authenticator;
import dev.gatehouse.auth.Cors;
import dev.gatehouse.auth.CrossSiteGuard;
import dev.gatehouse.auth.SigningKeys;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Origin;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.config.ServerConfig;
import dev.gatehouse.http.AccessLog;
import dev.gatehouse.http.Listener;
import dev.gatehouse.http.NotFoundServlet;
import dev.gatehouse.http.ProblemFilter;
import dev.gatehouse.http.ProxyTrust;
import dev.gatehouse.http.ReadOnlyFilter;
import dev.gatehouse.http.RequestIdFilter;
import dev.gatehouse.http.SecurityHeadersFilter;
import dev.gatehouse.ops.AdminListener;
import dev.gatehouse.ops.Drain;
import dev.gatehouse.ops.DrainFilter;
import dev.gatehouse.ops.Metrics;
import dev.gatehouse.ops.Readiness;
import dev.gatehouse.page.ClientModule;
import dev.gatehouse.page.UserServlet;
import dev.gatehouse.page.Webapp;
import dev.gatehouse.relay.Gate;
import dev.gatehouse.relay.RelayServlet;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.OpenStreams;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
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
    SigningKeys keys =
        opened(
            parts,
            SigningKeys.open(
                config.auth(),
                InstantSource.system(),
                result -> metrics.jwksRefreshed(result.text())));
    Clocks clocks = opened(parts, new Clocks());
    Drain drain = new Drain();
    OpenStreams streams =
        new OpenStreams(config.server().maxStreams(), config.server().maxStreamsPerUser());
    List<Origin> origins = origins(config.server(), front);
    Gate gate =
        new Gate(
            new CrossSiteGuard(config.crossSite(), origins),
            new Cors(config.crossSite()),
            Authenticator.of(config.cookie(), config.auth(), keys, InstantSource.system()),
            origins,
            new ProxyTrust(config.server().trustedProxies(), origins),
            streams,
            clocks);
    Readiness readiness =
        new Readiness()
            .require("signing-keys", keys::ready)
            .require("not-draining", () -> !drain.draining());
    Listener admin = opened(parts, AdminListener.start(config.admin(), readiness, metrics));
    for (RouteConfig route : config.routes()) {
      metrics.showOpenStreams(route.path(), () -> streams.count(route.path()));
    }
    front.start(context(config, gate, drain, mounts), new AccessLog(), metrics);
    return new Gatehouse(config.server(), front, admin, streams, drain, parts);
  }

  private static ServletContextHandler context(
      GatehouseConfig config, Gate gate, Drain drain, List<Mount> mounts) {
    ServletContextHandler context = new ServletContextHandler();
    for (Filter filter : filters(drain)) {
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
  private static List<Filter> filters(Drain drain) {
    return List.of(
        new RequestIdFilter(),
        new ProblemFilter(),
        new SecurityHeadersFilter(),
        new DrainFilter(drain));
  }

  private static void servlets(ServletContextHandler context, GatehouseConfig config, Gate gate) {
    for (RouteConfig route : config.routes()) {
      context.addServlet(new ServletHolder(new RelayServlet(route, gate)), route.path());
    }
    Map<String, HttpServlet> own =
        Map.of(
            "/bff/user", new UserServlet(gate.authenticator()),
            "/bff/client.js", ClientModule.of("gatehouse.js", "text/javascript; charset=utf-8"),
            "/bff/client.d.ts", ClientModule.of("gatehouse.d.ts", "text/plain; charset=utf-8"));
    own.forEach((path, servlet) -> {
      context.addServlet(new ServletHolder(servlet), path);
      context.addFilter(new ReadOnlyFilter(), path, EnumSet.of(DispatcherType.REQUEST));
    });
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
      drain.awaitIdle(BREAK_TIME);
    }
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
