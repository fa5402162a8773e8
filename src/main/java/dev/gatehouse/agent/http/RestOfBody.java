package dev.gatehouse.agent.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;

/// What a refused request still has to say.
public final class RestOfBody {
  private static final int MOST_BYTES = 1024 * 1024;

  private RestOfBody() {}

  /// Hears a client out before it is refused, for as long as that is cheap: a connection that is
  /// closed over unread bytes is reset, and the client would never see why (RFC 9112 9.6). If there
  /// is more, the answer says that it is the last one of this connection.
  public static void skip(HttpServletRequest request, HttpServletResponse response) {
    try {
      request.getInputStream().skipNBytes(MOST_BYTES);
      response.setHeader("Connection", "close");
    } catch (EOFException _) {
      // that was all, as usual
    } catch (IOException | IllegalStateException _) {
      response.setHeader("Connection", "close"); // it stopped talking, or cannot be heard any more
    }
  }
}
