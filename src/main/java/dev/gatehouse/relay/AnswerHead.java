package dev.gatehouse.relay;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.upstream.UpstreamResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/// Status and headers of an answer, sent the moment they are known.
record AnswerHead(ErrorFrames frames, Optional<String> context) {

  /// Commits the response.
  ///
  /// @throws dev.gatehouse.http.ProblemException if this status must not reach this protocol's
  ///   client
  void write(UpstreamResponse answer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Exchange.of(request).answered();
    if (answer.status() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR
        && frames.applyTo(request)) {
      throw Problem.of(ProblemCode.UPSTREAM_FAILED, "The agent server could not do this")
          .exception();
    }
    response.setStatus(answer.status());
    if (!answer.saysWhetherToStore()) {
      response.setHeader("Cache-Control", "no-store");
    }
    answer.headers((name, value) -> add(request, response, name, value));
    if (answer.isEventStream()) {
      response.setHeader("Cache-Control", "no-cache, no-transform");
      response.setHeader("X-Accel-Buffering", "no");
    }
    context.ifPresent(merged -> response.setHeader("X-Gatehouse-Context", merged));
    frame(answer, request, response);
    response.flushBuffer();
  }

  private static void add(
      HttpServletRequest request, HttpServletResponse response, String name, String value) {
    if ("content-type".equalsIgnoreCase(name)) {
      verbatim(request).put(new HttpField(HttpHeader.CONTENT_TYPE, value));
    } else {
      response.addHeader(name, value);
    }
  }

  /// The headers below the servlet layer, which would rewrite a type's spelling; some clients
  /// compare it to the letter.
  private static HttpFields.Mutable verbatim(HttpServletRequest request) {
    return ServletContextRequest.getServletContextRequest(request)
        .getServletContextResponse()
        .getWrapped()
        .getHeaders();
  }

  /// Makes the end of the body visible: by its length, else by a last chunk also where the
  /// connection closes after it, since a body that ends by closing looks complete when it is cut
  /// off.
  private static void frame(
      UpstreamResponse answer, HttpServletRequest request, HttpServletResponse response) {
    answer.length().ifPresent(response::setContentLengthLong);
    boolean chunks =
        answer.length().isEmpty()
            && "HTTP/1.1".equals(request.getProtocol())
            && !"HEAD".equals(request.getMethod())
            && answer.status() != HttpServletResponse.SC_NO_CONTENT
            && answer.status() != HttpServletResponse.SC_NOT_MODIFIED;
    if (chunks) {
      response.setHeader("Transfer-Encoding", "chunked");
    }
  }
}
