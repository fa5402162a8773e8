package dev.gatehouse.relay;

import dev.gatehouse.config.TimeoutsConfig;
import dev.gatehouse.connection.ClientWatch;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.stream.ByteSource;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.LastEventCheck;
import dev.gatehouse.stream.Lifeline;
import dev.gatehouse.stream.Pipe;
import dev.gatehouse.stream.ProgressClock;
import dev.gatehouse.upstream.UpstreamCall;
import dev.gatehouse.upstream.UpstreamRequest;
import dev.gatehouse.upstream.UpstreamResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The part of an exchange that involves the upstream: from the call to the ending, under all
/// clocks and with an eye on the browser.
final class Passage implements AutoCloseable {
  /// How long an exchange goes on before anybody looks whether its browser is still there. Most
  /// that are no streams are over by then, and spared the work.
  private static final Duration UNWATCHED = Duration.ofMillis(25);

  private final Route route;
  private final Clocks clocks;
  private final Lifeline lifeline;
  private final AnswerHead head;
  private final AnswerUrls urls;
  private final Holdings held = new Holdings();
  private Clocks.Alarm watchman = Clocks.Alarm.NEVER;
  private @Nullable Pipe pipe;

  Passage(Route route, Clocks clocks, Lifeline lifeline, AnswerHead head, AnswerUrls urls) {
    this.route = route;
    this.clocks = clocks;
    this.lifeline = lifeline;
    this.head = head;
    this.urls = urls;
  }

  /// Makes the call and carries its answer, until that is over or may be silent for long.
  ///
  /// @param expiry when the caller's token ends
  /// @return how it ended; nothing where it has to be gone on with
  /// @throws ProblemException if there is nothing to carry, and somebody to be told
  Optional<Ending> begin(
      HttpServletRequest request,
      HttpServletResponse response,
      Instant expiry,
      UpstreamRequest outbound,
      Payload payload)
      throws IOException {
    try {
      pipe = open(request, response, expiry, outbound, payload);
      return pipe.copy();
    } catch (ProblemException e) {
      lifeline.end(isOfTheRequest(e) ? Ending.REJECTED : Ending.UPSTREAM_FAILED);
      return Optional.of(verdict(e));
    } catch (IOException | ClientBody.Broken _) {
      lifeline.end(Ending.CLIENT_CLOSED); // the upstream's failures are problems or endings by now
      return lifeline.ending();
    }
  }

  /// Has what follows carried without a thread that waits for it.
  ///
  /// @param then run once when that should be gone on with, on a thread that must not wait
  void rest(Runnable then) {
    begun().carry(then);
  }

  /// Goes on, on a thread of its own.
  ///
  /// @return how it ended; nothing where it may be silent for long once more
  Optional<Ending> goOn() {
    return begun().copy();
  }

  private Pipe begun() {
    return Objects.requireNonNull(pipe, "it has not begun");
  }

  private Pipe open(
      HttpServletRequest request,
      HttpServletResponse response,
      Instant expiry,
      UpstreamRequest outbound,
      Payload payload)
      throws IOException {
    held.add(alarm(limits().total(), Ending.TOTAL_TIMEOUT)::close);
    held.add(alarm(until(expiry), Ending.TOKEN_EXPIRED)::close);
    ClientWatch watch = ClientWatch.over(request, () -> clientLeft(Exchange.of(request)));
    held.add(watch::close);
    held.add(() -> watchman.close());
    UpstreamResponse answer = await(outbound, payload, watch);
    held.add(answer::close);
    head.check(answer, request);
    payload.release();
    AnswerBody body = body(answer); // may still become a problem, and the browser be told
    lifeline.onEnd(() -> {
      answer.cancel();
      watch.abort();
    });
    write(answer, body, request, response);
    Pipe opened =
        new Pipe(
            body.source(),
            body.length(),
            new AnswerSink(request, response),
            lifeline,
            pace(answer));
    held.add(opened::close);
    return opened;
  }

  @Override
  public void close() {
    held.close();
  }

  /// A browser may take nothing even of the head, if it has not taken the answer before.
  private void write(
      UpstreamResponse answer,
      AnswerBody body,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    try (ProgressClock clock =
        new ProgressClock(clocks, limits().idle(), lifeline, Ending.CLIENT_CLOSED)) {
      clock.writing();
      head.write(answer, body, request, response);
    }
  }

  /// The time to the first byte runs from the last one that was sent, so that a long upload over a
  /// slow line is not held against the upstream.
  private UpstreamResponse await(UpstreamRequest outbound, Payload payload, ClientWatch watch) {
    try (ProgressClock clock =
        new ProgressClock(clocks, limits().firstByte(), lifeline, Ending.FIRST_BYTE_TIMEOUT)) {
      UpstreamCall call =
          route.upstream().call(outbound, payload.outbound(() -> watchSoon(watch), clock::reading));
      lifeline.onEnd(call::cancel);
      return call.execute();
    }
  }

  private void watchSoon(ClientWatch watch) {
    watchman = clocks.after(UNWATCHED, watch::start);
  }

  /// An upload can turn out to be too large while it is under way.
  private static boolean isOfTheRequest(ProblemException failure) {
    return failure.problem().code().status() < HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
  }

  /// What a call that failed amounts to: it may have failed because somebody ended it.
  private Ending verdict(ProblemException failure) {
    Ending ending = lifeline.ending().orElseThrow();
    return switch (ending) {
      case CLIENT_CLOSED -> ending;
      case FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT ->
          throw Problem.of(ProblemCode.UPSTREAM_TIMEOUT, "The agent server did not answer in time")
              .exception();
      case TOKEN_EXPIRED -> throw expired();
      case DRAINED ->
          throw Problem.of(ProblemCode.DRAINING, "This server is shutting down; try again")
              .with("Retry-After", "5")
              .exception();
      case COMPLETED, UPSTREAM_FAILED, REJECTED -> throw failure;
    };
  }

  static ProblemException expired() {
    return Problem.of(ProblemCode.TOKEN_EXPIRED, "The session expired; sign in again")
        .with("WWW-Authenticate", "Bearer")
        .exception();
  }

  private Clocks.Alarm alarm(Duration limit, Ending ending) {
    return clocks.after(limit, () -> lifeline.end(ending));
  }

  private TimeoutsConfig limits() {
    return route.config().timeouts();
  }

  private Pipe.Pace pace(UpstreamResponse answer) {
    Duration heartbeat = answer.isOpenEventStream() ? route.config().heartbeat() : Duration.ZERO;
    return new Pipe.Pace(clocks, limits().idle(), heartbeat);
  }

  private AnswerBody body(UpstreamResponse answer) {
    try (ProgressClock clock =
        new ProgressClock(clocks, limits().idle(), lifeline, Ending.IDLE_TIMEOUT)) {
      return urls.body(answer, source(answer), clock);
    }
  }

  private ByteSource source(UpstreamResponse answer) {
    boolean doubtful = answer.isOpenEventStream() && answer.endsByClosing();
    return route
        .protocol()
        .lastEvent()
        .filter(_ -> doubtful)
        .<ByteSource>map(isLast -> new LastEventCheck(answer, isLast))
        .orElse(answer);
  }

  private void clientLeft(Exchange exchange) {
    exchange.clientLeft();
    lifeline.left();
  }

  private Duration until(Instant expiry) {
    return switch (route.config().onTokenExpiry()) {
      case FINISH -> Duration.ZERO;
      case CLOSE -> {
        Duration left = Duration.between(Instant.now(), expiry);
        yield left.isPositive() ? left : Duration.ofNanos(1);
      }
    };
  }
}
