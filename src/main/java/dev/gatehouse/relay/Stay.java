package dev.gatehouse.relay;

import dev.gatehouse.connection.ClientWatch;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.ProblemFilter;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.Lifeline;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// The rest of an exchange that may be long and silent, on a thread of its own. The one that the
/// request came on has the container's, the filters' and our own calls below it, ten times the
/// memory that a stream which waits needs itself.
final class Stay implements AsyncListener {
  private static final long FOREVER = 0;

  private final HttpServletRequest request;
  private final Lifeline lifeline;
  private final Holdings held;
  private final CountDownLatch over = new CountDownLatch(1);

  /// @param held let go when it is over
  Stay(HttpServletRequest request, Lifeline lifeline, Holdings held) {
    this.request = request;
    this.lifeline = lifeline;
    this.held = held;
  }

  /// What is left to do.
  @FunctionalInterface
  interface Rest {
    /// Does it, up to the end of the answer.
    void run() throws IOException;
  }

  /// Has the rest run. The thread of the request is free afterwards.
  void begin(Rest rest) {
    AsyncContext async = request.startAsync();
    async.setTimeout(FOREVER); // our own clocks run
    async.addListener(this);
    Thread.ofVirtual().name("gatehouse-stream").start(() -> run(rest, async));
  }

  private void run(Rest rest, AsyncContext async) {
    try (held) {
      rest.run();
    } catch (IOException | RuntimeException | Error e) { // nobody is above to be told
      ProblemFilter.report(Exchange.of(request), e);
      breakOff(async);
    } finally {
      over.countDown();
      complete(async);
    }
  }

  private void breakOff(AsyncContext async) {
    lifeline.end(Ending.UPSTREAM_FAILED);
    try {
      ClientWatch.breakOff(request);
      ((HttpServletResponse) async.getResponse()).sendError(-1);
    } catch (IOException | IllegalStateException _) {
      // it is broken already
    }
  }

  private static void complete(AsyncContext async) {
    try {
      async.complete();
    } catch (IllegalStateException _) {
      // the container has found the connection broken, and ends it itself
    }
  }

  /// The container would answer with an error page, and use the response again, while the rest is
  /// still at it.
  @Override
  public void onError(AsyncEvent event) throws IOException {
    lifeline.left();
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    complete(event.getAsyncContext());
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
