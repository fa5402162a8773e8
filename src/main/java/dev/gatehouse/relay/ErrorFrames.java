package dev.gatehouse.relay;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.protocol.Protocol;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;

/// Answers server-side failures of a streaming operation inside a stream, for protocols whose
/// clients would otherwise post the same message again and again.
record ErrorFrames(Protocol protocol) {
  private static final String STREAMS = ErrorFrames.class.getName();

  /// Says that the body names an operation that is answered by a stream.
  static void markStreaming(HttpServletRequest request) {
    request.setAttribute(STREAMS, true);
  }

  /// Whether this request waits for an event stream.
  boolean applyTo(HttpServletRequest request) {
    return protocol.errorFrame("", false).isPresent()
        && (request.getAttribute(STREAMS) != null || acceptsEvents(request));
  }

  /// Answers with a frame if that is the protocol's way, and says whether it did.
  boolean answer(Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (problem.code().status() < HttpServletResponse.SC_INTERNAL_SERVER_ERROR
        || !applyTo(request)) {
      return false;
    }
    Optional<byte[]> frame = protocol.errorFrame(problem.detail(), mayRetry(problem.code()));
    if (frame.isEmpty()) {
      return false;
    }
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream");
    response.setHeader("Cache-Control", "no-cache, no-transform");
    response.setHeader("X-Accel-Buffering", "no");
    response.setContentLength(frame.get().length);
    response.getOutputStream().write(frame.get());
    Exchange.of(request).failed(problem.code());
    return true;
  }

  private static boolean mayRetry(ProblemCode code) {
    return code != ProblemCode.INTERNAL_ERROR && code != ProblemCode.UPSTREAM_PROTOCOL_ERROR;
  }

  private static boolean acceptsEvents(HttpServletRequest request) {
    return Collections.list(request.getHeaders("Accept")).stream()
        .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains("text/event-stream"));
  }
}
