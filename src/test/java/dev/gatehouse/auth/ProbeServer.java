package dev.gatehouse.auth;

import dev.gatehouse.http.ProblemException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// A real server that runs one step for each request, and a client that sends exactly the lines it
/// is given.
final class ProbeServer implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  private ProbeServer(Step step) throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(new StepServlet(step)), "/*");
    server.setHandler(context);
    server.start();
  }

  /// A server whose answer is what the step returns, or the code and status of the problem it
  /// throws.
  static ProbeServer running(Step step) throws Exception {
    return new ProbeServer(step);
  }

  /// Sends a request line and headers; `Host` and `Connection` are added.
  Answer send(String requestLine, String... headers) throws IOException {
    String head =
        requestLine
            + " HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n"
            + String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList())
            + "\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      return Answer.parse(
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// What is under test; returns the body of a 200.
  interface Step {
    String run(HttpServletRequest request, HttpServletResponse response);
  }

  /// An answer with its headers as they came, one to a line.
  record Answer(int status, List<String> headers, String body) {

    static Answer parse(String text) {
      int end = text.indexOf("\r\n\r\n");
      List<String> head = text.substring(0, end).lines().toList();
      int status =
          Integer.parseInt(head.getFirst().substring("HTTP/1.1 ".length()).substring(0, 3));
      return new Answer(status, head.subList(1, head.size()), text.substring(end + 4));
    }

    boolean mentions(String header) {
      return headers.stream().anyMatch(line -> line.startsWith(header + ":"));
    }
  }

  private static final class StepServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Step step;

    StepServlet(Step step) {
      this.step = step;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try {
        String body = step.run(request, response);
        response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      } catch (ProblemException e) {
        response.setStatus(e.problem().code().status());
        e.problem().headers().forEach(response::setHeader);
        response
            .getOutputStream()
            .write(e.problem().code().text().getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
