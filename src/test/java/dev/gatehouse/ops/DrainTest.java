package dev.gatehouse.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.http.Listener;
import dev.gatehouse.http.NotFoundServlet;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemFilter;
import dev.gatehouse.http.RequestIdFilter;
import dev.gatehouse.testing.Browser;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.RequestLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DrainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration AT_ONCE = Duration.ofNanos(1);

  private final Drain drain = new Drain();
  private final Semaphore lines = new Semaphore(0);
  private final Listener listener;

  DrainTest() throws IOException {
    listener = Listener.bind("drain", new ListenAddress("127.0.0.1", 0), 8192);
  }

  @AfterEach
  void stop() {
    lines.release();
    listener.close();
  }

  private Browser serve(RequestLog log) {
    ServletContextHandler context = new ServletContextHandler();
    List<Filter> filters =
        List.of(new RequestIdFilter(), new ProblemFilter(), new DrainFilter(drain, Set.of()));
    for (Filter filter : filters) {
      context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    context.addServlet(new ServletHolder(new NotFoundServlet()), "/");
    listener.serve(context, drain.after(log));
    return Browser.at(listener.uri());
  }

  @Test
  void requestIsUnderWayUntilItsLineIsWritten() throws Exception {
    Browser browser = serve((_, _) -> lines.acquireUninterruptibly());
    browser.get("/").assertProblem(ProblemCode.NOT_FOUND);
    assertFalse(drain.awaitIdle(AT_ONCE));
    lines.release();
    assertTrue(drain.awaitIdle(PATIENCE));
  }

  @Test
  void whoIsTurnedAwayIsAnsweredButDoesNotKeepTheGate() throws Exception {
    Browser browser = serve((_, _) -> lines.acquireUninterruptibly());
    drain.begin();
    browser.get("/").assertProblem(ProblemCode.DRAINING);
    assertTrue(drain.awaitIdle(PATIENCE));
    assertFalse(drain.awaitSilence(AT_ONCE));
    lines.release();
    assertTrue(drain.awaitSilence(PATIENCE));
  }

  @Test
  void requestWhoseLineCanNotBeWrittenIsOverToo() throws Exception {
    Browser browser =
        serve((_, _) -> {
          lines.release();
          throw new IllegalStateException("no room on the disk");
        });
    assertEquals(404, browser.get("/").status());
    lines.acquire();
    assertTrue(drain.awaitIdle(PATIENCE));
  }
}
