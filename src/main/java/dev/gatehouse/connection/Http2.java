package dev.gatehouse.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/// What only HTTP/2 knows about a request: the stream it came on.
public final class Http2 {
  private Http2() {}

  /// Whether the request goes on after its headers. HTTP/2 has no header that must announce a body.
  public static boolean hasBody(HttpServletRequest request) {
    return streamOf(ServletContextRequest.getServletContextRequest(request))
        .filter(stream -> !stream.isRemotelyClosed())
        .isPresent();
  }

  /// The stream; empty over HTTP/1.1, and once it is closed.
  static Optional<Stream> streamOf(Request request) {
    return request.getConnectionMetaData().getConnection() instanceof HTTP2Connection http2
        ? Optional.ofNullable(http2.getSession().getStream(Integer.parseInt(request.getId())))
        : Optional.empty();
  }

  /// Breaks an answer off. Other streams of the connection are left alone.
  static void reset(Stream stream) {
    stream.reset(new ResetFrame(stream.getId(), ErrorCode.INTERNAL_ERROR.code), Callback.NOOP);
  }
}
