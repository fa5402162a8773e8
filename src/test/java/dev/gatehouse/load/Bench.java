package dev.gatehouse.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.FaultProxy;
import dev.gatehouse.testing.FaultProxy.Faults;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicBoolean;

/// A gate whose agent is behind a bad line, and what is to be left of everything when all is quiet.
final class Bench implements AutoCloseable {
  /// For class files, selectors and threads that the platform opens when it likes; one exchange
  /// that leaked would be hundreds by the end.
  private static final int DESCRIPTORS = 16;

  private static final int THREADS = 8;

  /// For what caches and meters learn; a kilobyte per exchange would be many times as much.
  private static final long HEAP = 4L * 1024 * 1024;

  private final ScriptedUpstream upstream;
  private final FaultProxy line;
  private final RunningGatehouse gate;
  private final AccessTally log;
  private final AtomicBoolean calm;

  private Bench(
      ScriptedUpstream upstream,
      FaultProxy line,
      RunningGatehouse gate,
      AccessTally log,
      AtomicBoolean calm) {
    this.calm = calm;
    this.upstream = upstream;
    this.line = line;
    this.gate = gate;
    this.log = log;
  }

  static Bench open(ScriptedUpstream.Script agent, FaultProxy.Script faults, String... route)
      throws Exception {
    ScriptedUpstream upstream = ScriptedUpstream.forgetting(agent);
    AtomicBoolean calm = new AtomicBoolean();
    FaultProxy line =
        FaultProxy.before(upstream.uri(), number -> calm.get() ? Faults.NONE : faults.of(number));
    RunningGatehouse gate =
        RunningGatehouse.towards(line.uri())
            .server("max-streams-per-user: 1000")
            .route(route)
            .start();
    return new Bench(upstream, line, gate, AccessTally.open(), calm);
  }

  RunningGatehouse gate() {
    return gate;
  }

  FaultProxy line() {
    return line;
  }

  AccessTally log() {
    return log;
  }

  /// A token for as long as anybody will want to go on.
  String token(String user) {
    Date later = Date.from(Instant.now().plus(Duration.ofHours(24)));
    return gate.issuer().token(claims -> claims.subject(user).expirationTime(later));
  }

  Browser browser(String user) {
    return gate.stranger().signedInWith(token(user));
  }

  String openStreams() {
    Browser operator = gate.operator();
    operator.hangUp(); // rather than use a connection that was idle for too long
    return operator
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("gatehouse_streams_open{"))
        .findFirst()
        .orElseThrow()
        .replaceAll(".* ", "");
  }

  /// Waits until nobody is served any more, empties the gate's pool of connections to the agent and
  /// says what is left then. The pool is emptied as it would be by an agent that restarts: one
  /// connection of it that is found dead is the end of all.
  ///
  /// @param exchange one that has the gate take a connection
  Footprint quiet(Runnable exchange) throws Exception {
    Await.that("no open streams", () -> openStreams().equals("0.0"));
    calm.set(true);
    line.drop();
    exchange.run();
    Await.that("one connection to the agent", () -> line.open() == 1);
    Await.that("no request is served", () -> Footprint.requestsNow() == 0);
    calm.set(false);
    return Footprint.now();
  }

  /// Checks that nothing was left behind since.
  ///
  /// @param books what else is to be checked when all is quiet
  Footprint assertBackAt(Footprint before, Runnable exchange, Books books) throws Exception {
    Footprint after = quiet(exchange);
    books.check(this);
    Await.that(
        "descriptors back from " + after + " to " + before,
        () -> Footprint.descriptorsNow() <= before.descriptors() + DESCRIPTORS);
    Await.that(
        "threads back to %d from %s".formatted(before.threads(), Footprint.threadNames()),
        () -> Footprint.threadsNow() <= before.threads() + THREADS);
    log.forget();
    long grown = Footprint.heapNow() - before.heap();
    assertTrue(grown <= HEAP, () -> "the heap has grown by " + grown);
    assertEquals("0.0", openStreams());
    return Footprint.now();
  }

  /// What must add up.
  @FunctionalInterface
  interface Books {
    void check(Bench bench) throws Exception;
  }

  @Override
  public void close() throws IOException {
    log.close();
    gate.close();
    line.close();
    upstream.close();
  }
}
