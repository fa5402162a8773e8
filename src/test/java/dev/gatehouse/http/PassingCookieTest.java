package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Wire;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Serial;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

final class PassingCookieTest {
  /// What each request says, before and after its cookies were let go.
  private final List<List<String>> seen = new CopyOnWriteArrayList<>();

  @Test
  void cookiesAreGoneOnceTheyWereLetGoAndNothingElseIs() throws Exception {
    Server server = new Server();
    ServerConnector connector =
        new ServerConnector(
            server, new HeaderClock(Duration.ofSeconds(20)).http1(new HttpConfiguration()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new LettingGo()), "/*");
    server.setHandler(context);
    server.start();
    try (Wire wire = Wire.to(connector.getLocalPort())) {
      for (int i = 0; i < 2; i++) {
        wire.send("GET / HTTP/1.1\r\nHost: x\r\nCookie: a\r\nX-A: b\r\ncookie: c\r\n\r\n");
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      }
    } finally {
      server.stop();
    }
    List<String> before = List.of("a", "c", "b");
    List<String> after = List.of("", "", "b");
    assertEquals(List.of(before, after, before, after), seen);
  }

  private final class LettingGo extends HttpServlet {
    @Serial private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      note(request);
      PassingCookie.letGo(request);
      note(request);
    }

    private void note(HttpServletRequest request) {
      List<String> values = Collections.list(request.getHeaders("Cookie"));
      values.add(request.getHeader("X-A"));
      seen.add(values);
    }
  }
}
