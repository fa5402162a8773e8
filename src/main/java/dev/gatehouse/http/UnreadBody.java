package dev.gatehouse.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/// What is left of a request body that nobody is going to read.
public final class UnreadBody {
  private UnreadBody() {}

  /// To be called before an answer that does not wait for the body goes out. What has come of the
  /// body is skipped; if that is not all of it the connection can not go on after this answer, and
  /// the client is told, or it would send its next request into a connection that closes.
  public static void settle(HttpServletRequest request, HttpServletResponse response) {
    boolean skipped = ServletContextRequest.getServletContextRequest(request).consumeAvailable();
    if (!skipped && "HTTP/1.1".equals(request.getProtocol())) {
      response.setHeader("Connection", "close");
    }
  }
}
