package dev.gatehouse.load;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/// An agent that holds thousands of answers open and says nothing between its first event and the
/// next, over HTTP/1.1 and HTTP/2 alike. It keeps no thread for any of them.
final class SilentAgent implements AutoCloseable {
  /// What asks for an answer that ends at once.
  static final String SHORT = "{\"ask\":\"short\"}";

  static final String EVENT = "data: 1\n\n";

  private static final int STREAMS_PER_CONNECTION = 1000;

  private final Server server = new Server();
  private final ServerConnector connector;
  private final Queue<Answer> open = new ConcurrentLinkedQueue<>();

  private SilentAgent() {
    HttpConfiguration http = new HttpConfiguration();
    HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
    http2.setMaxConcurrentStreams(STREAMS_PER_CONNECTION);
    connector = new ServerConnector(server, new HttpConnectionFactory(http), http2);
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(0);
    connector.setAcceptQueueSize(1024);
    server.addConnector(connector);
    server.setHandler(new Answering());
  }

  static SilentAgent start() throws Exception {
    SilentAgent agent = new SilentAgent();
    agent.server.start();
    return agent;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/chatkit");
  }

  private static ByteBuffer event() {
    return ByteBuffer.wrap(EVENT.getBytes(StandardCharsets.US_ASCII));
  }

  /// Says one thing to everybody.
  void speak() {
    open.forEach(answer -> answer.response().write(false, event(), Callback.NOOP));
  }

  /// Ends all answers.
  void finish() {
    open.forEach(
        answer -> answer.response().write(true, ByteBuffer.allocate(0), answer.callback()));
    open.clear();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Answering extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String asked = Content.Source.asString(request);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
      if (asked.contains("short")) {
        response.write(true, event(), callback);
      } else {
        open.add(new Answer(response, callback));
        response.write(false, event(), Callback.NOOP);
      }
      return true;
    }
  }

  /// One that is open.
  private record Answer(Response response, Callback callback) {}
}
