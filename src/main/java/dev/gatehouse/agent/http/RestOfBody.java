package dev.gatehouse.agent.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/// What a refused request still has to say.
public final class RestOfBody {
  private static final int MOST_BYTES = 1024 * 1024;
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private static final int BUFFER = 16 * 1024;

  private RestOfBody() {}

  /// Hears a client out before it is refused, for as long as that is cheap: a connection that is
  /// closed over unread bytes is reset, and the client would never see why (RFC 9112 9.6). If there
  /// is more, or it takes too long, the answer says that it is the last one of this connection. Who
  /// is refused for being silent is not waited for again.
  public static void skip(
      Refusal refusal, HttpServletRequest request, HttpServletResponse response) {
    if (refusal.isAboutSilence() || !isHeardOut(request)) {
      response.setHeader("Connection", "close");
    }
  }

  private static boolean isHeardOut(HttpServletRequest request) {
    EndPoint connection =
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    long usual = connection.getIdleTimeout();
    connection.setIdleTimeout(LIMIT.toMillis());
    try {
      return isHeardOut(request.getInputStream());
    } catch (IOException | IllegalStateException _) {
      return false; // it stopped talking, or cannot be heard any more
    } finally {
      connection.setIdleTimeout(usual);
    }
  }

  private static boolean isHeardOut(InputStream in) throws IOException {
    long begun = System.nanoTime();
    byte[] buffer = new byte[BUFFER];
    int heard = 0;
    while (heard < MOST_BYTES && System.nanoTime() - begun < LIMIT.toNanos()) {
      int read = in.read(buffer);
      if (read < 0) {
        return true;
      }
      heard += read;
    }
    return false;
  }
}
