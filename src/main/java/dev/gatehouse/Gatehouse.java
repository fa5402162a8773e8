package dev.gatehouse;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.http.Listener;
import dev.gatehouse.ops.AdminListener;
import dev.gatehouse.ops.Drain;
import dev.gatehouse.ops.Metrics;
import dev.gatehouse.ops.Readiness;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.Headroom;
import dev.gatehouse.stream.OpenStreams;
import dev.gatehouse.trace.Tracing;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running gate, and the composition root: here is what lives as long as the process, and in
/// [Generation] what follows from the configuration.
public final class Gatehouse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gatehouse.class);
  private static final Duration BREAK_TIME = Duration.ofSeconds(2);

  /// How long another issuer's keys may take to come, and an old one's are still needed by requests
  /// that have begun.
  private static final Duration HANDOVER = Duration.ofSeconds(10);

  private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

  private final Generation.Foundation foundation;
  private final Readiness readiness;
  private final Listener admin;
  private final Deque<AutoCloseable> parts;
  private final ReentrantLock reloading = new ReentrantLock();
  private volatile Generation generation;

  private Gatehouse(
      Generation generation,
      Generation.Foundation foundation,
      Readiness readiness,
      Listener admin,
      Deque<AutoCloseable> parts) {
    this.generation = generation;
    this.foundation = foundation;
    this.readiness = readiness;
    this.admin = admin;
    this.parts = parts;
  }

  /// Binds both listeners and starts. Signing keys are fetched in the background: until they are
  /// there the gate is not ready.
  ///
  /// @param mounts what the embedding program adds, such as the demo's sign-in page
  /// @throws java.io.IOException if an address can not be bound
  /// @throws dev.gatehouse.http.UnusableIdentityException if certificate or key can not be used
  public static Gatehouse start(GatehouseConfig config, List<Mount> mounts) throws Exception {
    Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    try {
      return start(config, mounts, parts);
    } catch (Exception e) { // whatever it is, nothing stays open
      closeAll(parts);
      throw e;
    }
  }

  private static Gatehouse start(
      GatehouseConfig config, List<Mount> mounts, Deque<AutoCloseable> parts) throws Exception {
    Metrics metrics = new Metrics();
    Optional<Tracing> tracing =
        config.telemetry().traces().map(to -> opened(parts, Tracing.open(to, metrics::spans)));
    Listener front = opened(parts, Listener.bind("gatehouse", config.server()));
    Clocks clocks = opened(parts, new Clocks());
    Headroom headroom = opened(parts, Headroom.ofProcess(clocks));
    metrics.showHeadroom(headroom::suffices);
    Drain drain = new Drain();
    Generation.Foundation foundation =
        new Generation.Foundation(
            front, metrics, clocks, new OpenStreams(headroom::admits), drain, tracing);
    Generation first = Generation.first(config, foundation);
    parts.push(first.tokens());
    Readiness readiness = new Readiness().require("not-draining", () -> !drain.draining());
    readiness.of(first.tokens().conditions());
    Listener admin = opened(parts, AdminListener.start(config.admin(), readiness, metrics));
    Gatehouse gate = new Gatehouse(first, foundation, readiness, admin, parts);
    gate.serve(first, mounts);
    return gate;
  }

  private void serve(Generation next, List<Mount> mounts) {
    Metrics metrics = foundation.metrics();
    foundation
        .front()
        .serve(next.context(foundation, mounts), foundation.drain().after(next.logs(foundation)));
    foundation
        .streams()
        .limit(next.config().server().maxStreams(), next.config().server().maxStreamsPerUser());
    for (String name : next.tokens().conditions().keySet()) {
      metrics.showCondition(name, () -> readiness.holds(name));
    }
    for (RouteConfig route : next.config().routes()) {
      metrics.showOpenStreams(route.path(), () -> foundation.streams().count(route.path()));
    }
    generation = next;
  }

  /// Goes on under another configuration. Streams that are open end under the one that they began
  /// with; addresses, TLS, the limits of headers and telemetry stay as they are until the next
  /// start. Not for a gate with mounts.
  ///
  /// @return whether it is in effect: not if another issuer's keys cannot be had, and then
  ///   everything is as before
  public boolean reload(GatehouseConfig next) {
    reloading.lock();
    try {
      Generation before = generation;
      Generation after = before.next(next, foundation);
      boolean sameTokens = after.tokens() == before.tokens();
      if (!sameTokens && !becomesReady(after)) {
        after.tokens().close();
        LOG.error("the configuration stays as it was: the issuer's keys cannot be had");
        return counted(false);
      }
      serve(after, List.of());
      readiness.of(after.tokens().conditions());
      if (!sameTokens) {
        parts.push(after.tokens());
        foundation.clocks().after(HANDOVER, before.tokens()::close);
      }
      LOG.atInfo().addKeyValue("needRestart", before.leftAlone(next)).log("configuration reloaded");
      return counted(true);
    } finally {
      reloading.unlock();
    }
  }

  /// Notes that a configuration was not even tried.
  void refused(String problems) {
    LOG.atError().addKeyValue("problems", problems).log("the configuration stays as it was");
    counted(false);
  }

  private boolean counted(boolean reloaded) {
    foundation.metrics().reloaded(reloaded ? "success" : "failure");
    return reloaded;
  }

  private static boolean becomesReady(Generation generation) {
    long end = System.nanoTime() + HANDOVER.toNanos();
    while (!generation.isReady()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY);
    }
    return true;
  }

  /// Where browsers find it.
  public URI uri() {
    return foundation.front().uri();
  }

  /// Where operators find it.
  public URI adminUri() {
    return admin.uri();
  }

  /// Stops as operators wish it: readiness fails first, new requests are turned away, open streams
  /// may finish within the drain timeout, and what is left then is broken.
  public void drain() throws InterruptedException {
    Drain drain = foundation.drain();
    OpenStreams streams = foundation.streams();
    drain.begin();
    LOG.atInfo().addKeyValue("openStreams", streams.count()).log("draining");
    if (!drain.awaitIdle(generation.config().server().drainTimeout())) {
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
      } catch (Exception e) { // which is what close declares; the others follow
        LOG.atWarn().addKeyValue("exception", e.getClass().getName()).log("part did not close");
      }
    }
  }
}
