package dev.gatehouse.agent;

import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.Toolboxes;
import dev.gatehouse.agent.chat.Transcriber;
import dev.gatehouse.agent.chatkit.Backend;
import dev.gatehouse.agent.chatkit.ChatKitServlet;
import dev.gatehouse.agent.files.DiskUploads;
import dev.gatehouse.agent.files.FilesServlet;
import dev.gatehouse.agent.http.BearerCheck;
import dev.gatehouse.agent.http.HealthServlet;
import dev.gatehouse.agent.http.NotFoundServlet;
import dev.gatehouse.agent.http.RefusalHandler;
import dev.gatehouse.agent.mcp.McpToolboxes;
import dev.gatehouse.agent.store.Store;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A ChatKit backend on a port of its own. It believes nothing but a bearer token that it verified
/// itself.
public final class AgentServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentServer.class);
  private static final int MOST_STREAMS = 20_000;

  private final Server server;
  private final Deque<Runnable> ends;
  private final URI uri;
  private final Patience patience;

  private AgentServer(Server server, Deque<Runnable> ends, URI uri, Patience patience) {
    this.server = server;
    this.ends = ends;
    this.uri = uri;
    this.patience = patience;
  }

  /// Listens once it returns, with its store migrated and, if the settings say so, everything warm.
  ///
  /// @param responder what answers; closed with the server
  /// @param transcriber what understands dictation, if anything does
  /// @throws IOException if the address cannot be bound, or the store cannot be opened
  public static AgentServer start(
      AgentSettings settings, Responder responder, Optional<Transcriber> transcriber)
      throws IOException {
    BearerCheck bearers = BearerCheck.of(settings.trust());
    if (settings.warmUp()) {
      WarmUp.run(settings, responder);
      bearers.prepare();
    }
    return start(settings, bearers, responder, transcriber, Patience.USUAL);
  }

  static AgentServer start(
      AgentSettings settings,
      BearerCheck bearers,
      Responder responder,
      Optional<Transcriber> transcriber,
      Patience patience)
      throws IOException {
    Deque<Runnable> ends = new ArrayDeque<>();
    try {
      Store store = Store.open(settings.store());
      ends.push(store::close);
      ends.push(responder::close);
      Toolboxes toolboxes = McpToolboxes.of(settings.toolServers());
      ends.push(toolboxes::close);
      Server server = new Server(new VirtualThreadPool(MOST_STREAMS));
      server.setErrorHandler(new RefusalHandler());
      ServerConnector connector = connector(server, settings, patience.silence());
      connector.open(); // the addresses of files have its port in them
      ends.push(connector::close);
      URI own = address(settings.host(), connector.getLocalPort());
      URI base = settings.files().publicUrl().orElse(own);
      DiskUploads uploads = DiskUploads.in(settings.files(), base, store.attachments());
      ends.push(uploads::close);
      Backend backend =
          new Backend(
              store.threads(),
              store.attachments(),
              uploads,
              responder,
              toolboxes,
              transcriber,
              settings.historyItems(),
              settings.turnsPerPerson(),
              patience.write(),
              patience.store(),
              Clock.tickMillis(ZoneOffset.UTC));
      ChatKitServlet chatKit = ChatKitServlet.of(bearers, backend);
      server.setHandler(new GracefulHandler(pages(store, uploads, bearers, chatKit)));
      ends.push(() -> chatKit.callOff(patience.farewell()));
      ends.push(() -> stop(server));
      start(server);
      return new AgentServer(server, ends, own, patience);
    } catch (IOException | RuntimeException e) {
      end(ends);
      throw e;
    }
  }

  private static ServletContextHandler pages(
      Store store, DiskUploads uploads, BearerCheck bearers, ChatKitServlet chatKit) {
    ServletContextHandler pages = new ServletContextHandler("/");
    pages.setErrorHandler(new RefusalHandler());
    pages.addServlet(new ServletHolder(chatKit), "/chatkit");
    pages.addServlet(new ServletHolder(new FilesServlet(bearers, uploads)), "/files/*");
    pages.addServlet(new ServletHolder(new HealthServlet(() -> true)), "/healthz");
    pages.addServlet(new ServletHolder(new HealthServlet(store::isReachable)), "/readyz");
    pages.addServlet(new ServletHolder(new NotFoundServlet()), "/");
    return pages;
  }

  /// Where it listens, without a path: ChatKit is at `/chatkit`, files are at `/files`, health is
  /// at `/healthz` and readiness at `/readyz`.
  public URI uri() {
    return uri;
  }

  /// Takes nothing new, lets open streams come to their end, for at most 20 seconds, and stops.
  public void drain() {
    server.setStopTimeout(patience.drain().toMillis());
    close();
  }

  /// Stops at once; open streams break, and what they said so far is kept.
  @Override
  public void close() {
    end(ends);
  }

  /// Whatever one of them throws, the others come to their end.
  private static void end(Deque<Runnable> ends) {
    for (Runnable end : ends) {
      try {
        end.run();
      } catch (RuntimeException e) {
        LOG.warn("a part of the agent did not end well", e);
      }
    }
  }

  private static ServerConnector connector(
      Server server, AgentSettings settings, Duration silence) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(silence.toMillis());
    server.addConnector(connector);
    return connector;
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
    } catch (Exception e) { // which is what start declares
      throw new IOException("the agent could not start", e);
    }
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (TimeoutException _) {
      LOG.info("the time to drain ran out; what was still streaming is cut off");
    } catch (Exception e) { // which is what stop declares
      throw new IllegalStateException("the agent could not stop", e);
    }
  }
}
