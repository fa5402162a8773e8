package dev.gatehouse.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The watch on a container that loses patience soon.
final class ClientWatchTest {
  private static final int IDLE_MILLIS = 200;

  /// More than the buffers of both ends and of the system take.
  private static final int LARGE = 32 * 1024 * 1024;

  private final Server server = new Server();
  private final ServerConnector connector =
      new ServerConnector(
          server,
          new HttpConnectionFactory(new HttpConfiguration()),
          new HTTP2CServerConnectionFactory(new HttpConfiguration()));
  private final CountDownLatch gone = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Silent()), "/silent");
    context.addServlet(new ServletHolder(new Large()), "/large");
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    goOn.countDown();
    server.stop();
  }

  private Call call(Protocol protocol, String path) {
    return new OkHttpClient.Builder()
        .connectionPool(new ConnectionPool())
        .protocols(List.of(protocol))
        .build()
        .newCall(
            new Request.Builder()
                .url("http://127.0.0.1:" + connector.getLocalPort() + path)
                .build());
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "H2_PRIOR_KNOWLEDGE"})
  void silenceLongerThanTheContainersPatienceIsNoLeaving(Protocol protocol) throws Exception {
    try (Response response = call(protocol, "/silent").execute()) {
      assertEquals("begun ", response.body().source().readUtf8(6));
      assertFalse(gone.await(8L * IDLE_MILLIS, TimeUnit.MILLISECONDS), "taken for a leaving");
      goOn.countDown();
      assertEquals("and ended", response.body().source().readUtf8());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "H2_PRIOR_KNOWLEDGE"})
  void leavingAfterSuchASilenceIsNoticed(Protocol protocol) throws Exception {
    try (Response response = call(protocol, "/silent").execute()) {
      assertEquals("begun ", response.body().source().readUtf8(6));
      assertFalse(gone.await(3L * IDLE_MILLIS, TimeUnit.MILLISECONDS), "taken for a leaving");
    }
    assertTrue(gone.await(1, TimeUnit.SECONDS), "not noticed");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "H2_PRIOR_KNOWLEDGE"})
  void browserThatTakesItsTimeIsNotCutOff(Protocol protocol) throws Exception {
    try (Response response = call(protocol, "/large").execute()) {
      assertFalse(gone.await(8L * IDLE_MILLIS, TimeUnit.MILLISECONDS), "taken for a leaving");
      assertEquals(LARGE, response.body().bytes().length);
    }
  }

  private final class Large extends HttpServlet {
    @Serial private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try (ClientWatch watch = ClientWatch.over(request, gone::countDown)) {
        watch.start();
        byte[] part = new byte[16 * 1024];
        for (int i = 0; i < LARGE / part.length; i++) {
          response.getOutputStream().write(part);
          response.flushBuffer();
        }
      }
    }
  }

  private final class Silent extends HttpServlet {
    @Serial private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try (ClientWatch watch = ClientWatch.over(request, gone::countDown)) {
        watch.start();
        response.getOutputStream().print("begun ");
        response.flushBuffer();
        goOn.await();
        response.getOutputStream().print("and ended");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
