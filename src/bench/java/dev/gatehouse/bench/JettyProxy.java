package dev.gatehouse.bench;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.proxy.ProxyServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// Jetty's own proxy, which passes everything on without a thread that waits, and has Jetty's own
/// client behind it: what a request costs on the server Gatehouse stands on where nothing is done
/// for it.
final class JettyProxy {
  private static final String LONG = Long.toString(TimeUnit.HOURS.toMillis(1));
  private static final String MANY = "20000";

  private JettyProxy() {}

  /// Serves until it is killed.
  ///
  /// @param arguments where to listen, and the port of what it stands before
  public static void main(String[] arguments) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(arguments[0]));
    connector.setAcceptQueueSize(4096);
    connector.setIdleTimeout(TimeUnit.HOURS.toMillis(1));
    server.addConnector(connector);
    ServletHolder proxy = new ServletHolder(new ProxyServlet.Transparent());
    proxy.setInitParameter("proxyTo", "http://127.0.0.1:" + arguments[1]);
    proxy.setInitParameter("maxConnections", MANY);
    proxy.setInitParameter("idleTimeout", LONG);
    proxy.setInitParameter("timeout", LONG);
    proxy.setAsyncSupported(true);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(proxy, "/*");
    server.setHandler(context);
    server.start();
    server.join();
  }
}
