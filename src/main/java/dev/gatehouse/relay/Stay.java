package dev.gatehouse.relay;

import dev.gatehouse.connection.ClientWatch;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.PassingCookie;
import dev.gatehouse.http.ProblemFilter;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.Lifeline;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The rest of an exchange that may be long and silent. A thread is there for it only while there
/// is something to do; one that waited for it would have the container's, the filters' and our own
/// calls below it, more memory than all else that a silent stream needs.
final class Stay implements AsyncListener {
  private static final long FOREVER = 0;

  private final HttpServletRequest request;
  private final Lifeline lifeline;
  private final Holdings held;
  private final Passage passage;
  private final AsyncContext async;
  private final End end;
  private final CountDownLatch over = new CountDownLatch(1);

  /// The end of an exchange.
  @FunctionalInterface
  interface End {
    /// Ends the answer as it should look.
    void end(Ending how) throws IOException;
  }

  /// @param held let go when it is over
  /// @param end what makes it so
  Stay(HttpServletRequest request, Lifeline lifeline, Holdings held, Passage passage, End end) {
    this.request = request;
    this.lifeline = lifeline;
    this.held = held;
    this.passage = passage;
    this.end = end;
    PassingCookie.letGo(request);
    this.async = request.startAsync();
    async.setTimeout(FOREVER); // our own clocks run
    async.addListener(this);
  }

  /// Has the rest done, whenever there is something to do. The thread of the request is free
  /// afterwards.
  void begin() {
    attempt(() -> {
      carry();
      return true;
    });
  }

  private void carry() {
    passage.rest(
        () -> Thread.ofVirtual().name("gatehouse-stream").start(() -> attempt(this::goOn)));
  }

  private boolean goOn() throws IOException {
    Optional<Ending> ending = passage.goOn();
    if (ending.isPresent()) {
      end.end(ending.get());
    } else {
      carry();
    }
    return ending.isEmpty();
  }

  /// Does a part of the rest, and what there is to do if it was the last.
  private void attempt(Part part) {
    boolean goesOn = false;
    try {
      goesOn = part.isFollowed();
    } catch (IOException | RuntimeException | Error e) { // nobody is above to be told
      ProblemFilter.report(Exchange.of(request), e);
      breakOff();
    } finally {
      if (!goesOn) {
        over.countDown();
        complete();
      }
    }
  }

  @FunctionalInterface
  private interface Part {
    boolean isFollowed() throws IOException;
  }

  private void breakOff() {
    lifeline.end(Ending.UPSTREAM_FAILED);
    try {
      held.close(); // the log says what is known by then
    } finally {
      abort();
    }
  }

  private void abort() {
    try {
      ClientWatch.breakOff(request);
      ((HttpServletResponse) async.getResponse()).sendError(-1);
    } catch (IOException | IllegalStateException _) {
      // it is broken already
    }
  }

  private void complete() {
    try {
      async.complete();
    } catch (IllegalStateException _) {
      // the container has found the connection broken, and ends it itself
    }
  }

  /// The container would answer with an error page, and use the response again, while the rest is
  /// still at it.
  @Override
  public void onError(AsyncEvent event) {
    lifeline.left();
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    complete();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    // there is nothing left to do
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // there is none
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // nobody begins another
  }
}
