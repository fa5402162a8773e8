package dev.gatehouse.relay;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.UnreadBody;
import dev.gatehouse.protocol.ErrorFrame;
import dev.gatehouse.protocol.Protocol;
import dev.gatehouse.protocol.Waiting;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;

/// Answers server-side failures with status 200 and in the protocol's own words, where its clients
/// take a status of 5xx for something else.
record ErrorFrames(Protocol protocol) {
  private static final String EVENTS = "text/event-stream";
  private static final String STREAMS = ErrorFrames.class.getName() + ".streams";
  private static final String CALL = ErrorFrames.class.getName() + ".call";

  /// Notes what the body says about the answer that is waited for.
  static void expect(HttpServletRequest request, boolean streams, Optional<String> call) {
    request.setAttribute(STREAMS, streams);
    call.ifPresent(id -> request.setAttribute(CALL, id));
  }

  /// Whether this client must not see that the agent failed.
  boolean hidesFailuresFrom(HttpServletRequest request) {
    return protocol.repeatsOnFailure()
        && protocol.errorFrame(waiting(request), "", false).isPresent();
  }

  /// Answers with a frame if that is the protocol's way, and says whether it did.
  boolean answer(Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (problem.code().status() < HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
      return false;
    }
    Optional<ErrorFrame> frame =
        protocol.errorFrame(waiting(request), problem.detail(), mayRetry(problem.code()));
    if (frame.isEmpty()) {
      return false;
    }
    byte[] body = frame.get().text().getBytes(StandardCharsets.UTF_8);
    response.setStatus(HttpServletResponse.SC_OK);
    response.setHeader("Content-Type", frame.get().mediaType());
    response.setHeader("Cache-Control", "no-store");
    if (frame.get().mediaType().equals(EVENTS)) {
      response.setHeader("Cache-Control", "no-cache, no-transform");
      response.setHeader("X-Accel-Buffering", "no");
    }
    response.setContentLength(body.length);
    UnreadBody.settle(request, response);
    response.getOutputStream().write(body);
    Exchange.of(request).failed(problem);
    return true;
  }

  private static boolean mayRetry(ProblemCode code) {
    return code != ProblemCode.INTERNAL_ERROR && code != ProblemCode.UPSTREAM_PROTOCOL_ERROR;
  }

  private static Waiting waiting(HttpServletRequest request) {
    return new Waiting(
        Boolean.TRUE.equals(request.getAttribute(STREAMS)),
        accepts(request, EVENTS),
        accepts(request, "application/json"),
        Optional.ofNullable((String) request.getAttribute(CALL)));
  }

  private static boolean accepts(HttpServletRequest request, String mediaType) {
    return Collections.list(request.getHeaders("Accept")).stream()
        .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains(mediaType));
  }
}
