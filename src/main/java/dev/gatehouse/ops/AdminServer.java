package dev.gatehouse.ops;

import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.http.ProblemErrorHandler;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The listener for operators: a server of its own, so that a flood of chats can not starve it and
/// nothing of it can ever answer on the public one.
public final class AdminServer implements AutoCloseable {
  private static final int THREADS = 8;
  private final Server server;
  private final ServerConnector connector;

  private AdminServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /// Binds and starts.
  ///
  /// @throws IOException if the address can not be bound
  public static AdminServer start(ListenAddress listen, Readiness readiness) throws Exception {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("gatehouse-admin");
    Server server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    connector.open();
    server.addConnector(connector);
    server.setErrorHandler(new ProblemErrorHandler());
    ServletContextHandler context = new ServletContextHandler();
    context.setErrorHandler(new ProblemErrorHandler());
    context.addServlet(new HealthServlet(List::of), "/livez");
    context.addServlet(new HealthServlet(readiness::failing), "/readyz");
    server.setHandler(context);
    server.start();
    return new AdminServer(server, connector);
  }

  /// The address it is bound to.
  public String host() {
    return connector.getHost();
  }

  /// The port it listens on.
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
