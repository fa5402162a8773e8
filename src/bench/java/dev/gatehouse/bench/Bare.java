package dev.gatehouse.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import okio.Okio;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The least that can be done with the libraries Gatehouse stands on: a servlet on a virtual thread
/// that posts what it is sent, and writes on what comes back, without a check, a clock or a log.
/// What it costs is what Gatehouse can at best come down to.
final class Bare extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final int BUFFER = 16 * 1024;

  private final transient OkHttpClient client =
      new OkHttpClient.Builder()
          .retryOnConnectionFailure(false)
          .readTimeout(0, TimeUnit.SECONDS)
          .connectionPool(new ConnectionPool(20_000, 30, TimeUnit.SECONDS))
          .build();
  private final String origin;

  private Bare(String origin) {
    this.origin = origin;
  }

  /// Serves until it is killed.
  ///
  /// @param arguments where to listen, and the port of what it stands before
  public static void main(String[] arguments) throws Exception {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(arguments[0]));
    connector.setAcceptQueueSize(4096);
    connector.setIdleTimeout(TimeUnit.HOURS.toMillis(1));
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Bare("http://127.0.0.1:" + arguments[1])), "/*");
    server.setHandler(context);
    server.start();
    server.join();
  }

  @Override
  protected void doPost(HttpServletRequest inbound, HttpServletResponse outbound)
      throws IOException {
    String query = inbound.getQueryString();
    String address = origin + inbound.getRequestURI() + (query == null ? "" : "?" + query);
    Request request =
        new Request.Builder()
            .url(HttpUrl.get(address))
            .header("Accept-Encoding", "identity")
            .post(body(inbound))
            .build();
    try (Response response = client.newCall(request).execute();
        ResponseBody answer = response.body()) {
      outbound.setStatus(response.code());
      outbound.setContentType(response.header("Content-Type"));
      if (answer.contentLength() >= 0) {
        outbound.setContentLengthLong(answer.contentLength());
      }
      OutputStream out = outbound.getOutputStream();
      InputStream in = answer.byteStream();
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        out.flush();
      }
    }
  }

  private static RequestBody body(HttpServletRequest inbound) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return MediaType.get(inbound.getContentType());
      }

      @Override
      public long contentLength() {
        return inbound.getContentLengthLong();
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        sink.writeAll(Okio.source(inbound.getInputStream()));
      }
    };
  }
}
