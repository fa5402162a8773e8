package dev.gatehouse;

import dev.gatehouse.config.ServerConfig;
import dev.gatehouse.http.AccessLog;
import dev.gatehouse.http.ProblemErrorHandler;
import java.io.IOException;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The public listener: Jetty, as strict as it can be, with a virtual thread per request.
final class PublicServer implements AutoCloseable {
  private final Server server;
  private final ServerConnector connector;

  private PublicServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /// Binds the address; nothing is accepted before [#start].
  ///
  /// @throws IOException if the address can not be bound
  static PublicServer bind(ServerConfig config) throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("gatehouse");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("exchange-", 0).factory()));
    Server server = new Server(threads);
    server.setErrorHandler(new ProblemErrorHandler());
    server.setRequestLog(new AccessLog());
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http(config)));
    connector.setHost(config.listen().host());
    connector.setPort(config.listen().port());
    connector.open();
    server.addConnector(connector);
    return new PublicServer(server, connector);
  }

  private static HttpConfiguration http(ServerConfig config) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(config.maxHeaderSize());
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(new UriCompliance("STRICT", UriCompliance.NO_VIOLATION));
    http.setRelativeRedirectAllowed(true);
    return http;
  }

  int port() {
    return connector.getLocalPort();
  }

  void start(ServletContextHandler context) throws Exception {
    context.setErrorHandler(new ProblemErrorHandler());
    server.setHandler(context);
    server.start();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
