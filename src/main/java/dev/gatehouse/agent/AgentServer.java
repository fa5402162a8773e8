package dev.gatehouse.agent;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// A small ChatKit backend on a port of its own, for demos and tests. It believes nothing but a
/// bearer token that it verified itself.
public final class AgentServer implements AutoCloseable {
  private static final int MOST_STREAMS = 20_000;

  private final Server server;
  private final URI uri;

  private AgentServer(Server server, URI uri) {
    this.server = server;
    this.uri = uri;
  }

  /// Listens once it returns.
  ///
  /// @throws IOException if the address cannot be bound
  public static AgentServer start(AgentSettings settings) throws IOException {
    return start(settings, new OfflineResponder(settings.pace()), new ThreadsInMemory());
  }

  static AgentServer start(AgentSettings settings, Responder responder, Threads threads)
      throws IOException {
    Server server = new Server(new VirtualThreadPool(MOST_STREAMS));
    ServerConnector connector = connector(server, settings);
    server.addConnector(connector);
    server.setHandler(pages(settings, responder, threads));
    start(server);
    return new AgentServer(server, address(settings.host(), connector.getLocalPort()));
  }

  /// Where it listens, without a path; ChatKit is at `/chatkit`, health at `/healthz`.
  public URI uri() {
    return uri;
  }

  /// Stops at once; open streams break.
  @Override
  public void close() {
    stop(server);
  }

  private static ServerConnector connector(Server server, AgentSettings settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    return connector;
  }

  private static ServletContextHandler pages(
      AgentSettings settings, Responder responder, Threads threads) throws IOException {
    InstantSource clock = InstantSource.system();
    ChatKitServlet chatKit =
        new ChatKitServlet(
            BearerCheck.of(settings), new Lookups(threads), new Turns(threads, responder, clock));
    ServletContextHandler pages = new ServletContextHandler("/");
    pages.addServlet(new ServletHolder(chatKit), "/chatkit");
    pages.addServlet(new ServletHolder(new HealthServlet()), "/healthz");
    pages.addServlet(new ServletHolder(new NotFoundServlet()), "/");
    return pages;
  }

  private static URI address(String host, int port) throws IOException {
    try {
      return new URI("http", null, host, port, null, null, null);
    } catch (URISyntaxException e) {
      throw new IOException("not a host name", e);
    }
  }

  private static void start(Server server) throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw new IOException("the agent could not start", e);
    }
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the agent could not stop", e);
    }
  }
}
