package dev.gatehouse.http;

import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.config.ServerConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/// One address that HTTP is served on: Jetty with a virtual thread per request.
public final class Listener implements AutoCloseable {
  /// Bytes the system may hold that a client has yet to take. Left to itself it would grow that to
  /// megabytes, and a slow reader would not slow the upstream down.
  private static final int SEND_BUFFER = 64 * 1024;

  private static final int KEEP_ALIVE_SECONDS = 60;

  /// Connections that may wait to be accepted, as far as the system allows. Java's own 50 are fewer
  /// than come back at once after a network was gone, and the system drops what is above.
  private static final int WAITING_CONNECTIONS = 1024;

  private final ListenAddress address;
  private final Server server;
  private final ServerConnector connector;
  private final Optional<TlsContext> tls;
  private final Serving serving = new Serving();

  private Listener(
      ListenAddress address, Server server, ServerConnector connector, Optional<TlsContext> tls) {
    this.address = address;
    this.server = server;
    this.connector = connector;
    this.tls = tls;
    server.setHandler(serving);
  }

  /// Binds an address for plain HTTP/1.1; nothing is accepted before [#serve].
  ///
  /// @param name of its threads
  /// @param maxHeaderSize bytes of request line and headers together
  /// @throws IOException if the address can not be bound
  public static Listener bind(String name, ListenAddress address, int maxHeaderSize)
      throws IOException {
    return bind(
        name,
        address,
        ProtocolStack.http1(maxHeaderSize, ServerConfig.DEFAULTS.headerTimeout()),
        Optional.empty());
  }

  /// Binds the public address for HTTP/1.1 and HTTP/2, under TLS where that is configured; nothing
  /// is accepted before [#serve].
  ///
  /// @param name of its threads
  /// @throws IOException if the address can not be bound
  /// @throws UnusableIdentityException if certificate or key can not be used
  public static Listener bind(String name, ServerConfig config)
      throws IOException, UnusableIdentityException {
    int maxHeaderSize = config.maxHeaderSize();
    Duration headerTimeout = config.headerTimeout();
    if (config.tls().isEmpty()) {
      return bind(
          name,
          config.listen(),
          ProtocolStack.clear(maxHeaderSize, headerTimeout),
          Optional.empty());
    }
    TlsContext tls = TlsContext.open(config.tls().get());
    try {
      ProtocolStack stack = ProtocolStack.secure(maxHeaderSize, headerTimeout, tls);
      return bind(name, config.listen(), stack, Optional.of(tls));
    } catch (IOException e) {
      tls.close();
      throw e;
    }
  }

  private static Listener bind(
      String name, ListenAddress address, ProtocolStack stack, Optional<TlsContext> tls)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName(name);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory()));
    Server server = new Server(threads);
    server.setErrorHandler(new ProblemErrorHandler());
    ServerConnector connector =
        new ServerConnector(server, stack.layers().toArray(ConnectionFactory[]::new)) {
          // So that a phone in a tunnel is noticed.
          @Override
          protected void configure(Socket socket) {
            super.configure(socket);
            keepAlive(socket);
          }
        };
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.setAcceptedSendBufferSize(SEND_BUFFER);
    connector.setAcceptQueueSize(WAITING_CONNECTIONS);
    connector.open();
    server.addConnector(connector);
    return new Listener(address, server, connector, tls);
  }

  private static void keepAlive(Socket socket) {
    try {
      socket.setKeepAlive(true);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_SECONDS / 4);
    } catch (IOException _) {
      // closed already: there is nothing to keep alive
    }
  }

  /// Serves, and tells of every exchange once its last byte is out. If something was served before,
  /// requests that have begun go on there.
  public void serve(ServletContextHandler context, RequestLog log) {
    server.setRequestLog(log);
    serve(context);
  }

  /// Serves.
  public void serve(ServletContextHandler context) {
    context.setErrorHandler(new ProblemErrorHandler());
    context.setServer(server);
    try {
      context.start();
      serving.now = context;
      server.start();
    } catch (Exception e) { // which is what start declares
      throw new IllegalStateException("the server can not start", e);
    }
  }

  /// Hands each request to what is served at that moment.
  private static final class Serving extends Handler.Abstract {
    private volatile @Nullable Handler now;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      Handler handler = now;
      return handler != null && handler.handle(request, response, callback);
    }
  }

  /// The port that was bound.
  public int port() {
    return connector.getLocalPort();
  }

  /// Its address as a URL without a path.
  public URI uri() {
    String scheme = tls.isPresent() ? "https://" : "http://";
    return URI.create(scheme + new ListenAddress(address.host(), port()).text());
  }

  /// Looks now whether there is a new certificate.
  void reload() {
    tls.ifPresent(TlsContext::reload);
  }

  @Override
  public void close() {
    tls.ifPresent(TlsContext::close);
    try {
      server.stop();
    } catch (Exception e) { // which is what stop declares
      throw new IllegalStateException("the server can not stop", e);
    }
  }
}
