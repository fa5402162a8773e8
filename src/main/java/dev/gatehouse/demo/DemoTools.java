package dev.gatehouse.demo;

import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.TrustSettings;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.URI;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// A small MCP server for the demo: a shop in which each person has made-up orders. It verifies the
/// bearer token of every request itself.
public final class DemoTools implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String PATH = "/mcp";
  private static final int MOST_STREAMS = 2_000;

  private final Server server;
  private final McpSyncServer tools;
  private final URI uri;

  private DemoTools(Server server, McpSyncServer tools, URI uri) {
    this.server = server;
    this.tools = tools;
    this.uri = uri;
  }

  /// Listens once it returns, on loopback, for people with a token of this provider.
  ///
  /// @throws IOException if no port can be bound
  public static DemoTools start(DemoIdentityProvider provider) throws IOException {
    HttpServletStreamableServerTransportProvider endpoint =
        HttpServletStreamableServerTransportProvider.builder()
            .mcpEndpoint(PATH)
            .contextExtractor(SignedIn::context)
            .build();
    McpSyncServer tools =
        McpServer.sync(endpoint)
            .serverInfo("demo-shop", "1")
            .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
            .tools(new DemoShop().tools())
            .build();
    Server server = new Server(new VirtualThreadPool(MOST_STREAMS));
    ServerConnector connector = connector(server);
    server.setHandler(pages(provider, endpoint));
    start(server);
    URI uri = URI.create("http://" + LOOPBACK + ":" + connector.getLocalPort() + PATH);
    return new DemoTools(server, tools, uri);
  }

  /// Its Streamable HTTP endpoint.
  public URI uri() {
    return uri;
  }

  @Override
  public void close() {
    tools.close();
    stop(server);
  }

  private static ServletContextHandler pages(
      DemoIdentityProvider provider, HttpServletStreamableServerTransportProvider endpoint)
      throws IOException {
    BearerCheck bearers =
        BearerCheck.of(
            new TrustSettings(
                provider.issuer(), provider.jwksUri(), DemoIdentityProvider.AUDIENCE));
    ServletContextHandler pages = new ServletContextHandler("/");
    FilterHolder signedIn = new FilterHolder(new SignedIn(bearers));
    signedIn.setAsyncSupported(true);
    pages.addFilter(signedIn, "/*", null);
    ServletHolder servlet = new ServletHolder(endpoint);
    servlet.setAsyncSupported(true);
    pages.addServlet(servlet, PATH);
    return pages;
  }

  private static ServerConnector connector(Server server) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(LOOPBACK);
    server.addConnector(connector);
    return connector;
  }

  private static void start(Server server) throws IOException {
    try {
      server.start();
    } catch (Exception e) { // which is what start declares
      stop(server);
      throw new IOException("the demo tools could not start", e);
    }
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) { // which is what stop declares
      throw new IllegalStateException("the demo tools could not stop", e);
    }
  }
}
