package dev.gatehouse.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// An answer of our own that is there as a whole. Its length is said, since the container collects
/// nothing that it could count.
public final class WholeBody {
  private WholeBody() {}

  /// Sends it.
  ///
  /// @param contentType of the bytes
  public static void send(HttpServletResponse response, String contentType, byte[] bytes)
      throws IOException {
    response.setContentType(contentType);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
