package dev.gatehouse.http;

import dev.gatehouse.config.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// One address that HTTP is served on: Jetty, as strict as it can be, with a virtual thread per
/// request.
public final class Listener implements AutoCloseable {
  private final ListenAddress address;
  private final Server server;
  private final ServerConnector connector;

  private Listener(ListenAddress address, Server server, ServerConnector connector) {
    this.address = address;
    this.server = server;
    this.connector = connector;
  }

  /// Binds the address; nothing is accepted before [#start].
  ///
  /// @param name of its threads
  /// @param maxHeaderSize bytes of request line and headers together
  /// @throws IOException if the address can not be bound
  public static Listener bind(String name, ListenAddress address, int maxHeaderSize)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName(name);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory()));
    Server server = new Server(threads);
    server.setErrorHandler(new ProblemErrorHandler());
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(http(maxHeaderSize)));
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.open();
    server.addConnector(connector);
    return new Listener(address, server, connector);
  }

  private static HttpConfiguration http(int maxHeaderSize) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(maxHeaderSize);
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(new UriCompliance("STRICT", UriCompliance.NO_VIOLATION));
    return http;
  }

  /// Serves, and tells of every exchange once its last byte is out.
  public void start(ServletContextHandler context, RequestLog... logs) {
    server.setRequestLog(new RequestLog.Collection(logs));
    start(context);
  }

  /// Serves.
  public void start(ServletContextHandler context) {
    context.setErrorHandler(new ProblemErrorHandler());
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the server can not start", e);
    }
  }

  /// The port that was bound.
  public int port() {
    return connector.getLocalPort();
  }

  /// Its address as a URL without a path.
  public URI uri() {
    return URI.create("http://" + new ListenAddress(address.host(), port()).text());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server can not stop", e);
    }
  }
}
