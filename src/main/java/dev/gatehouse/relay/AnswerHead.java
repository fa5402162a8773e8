package dev.gatehouse.relay;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.upstream.UpstreamResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/// Status and headers of an answer, sent the moment they are known: ahead of the body, unless some
/// of that is there already.
record AnswerHead(ErrorFrames frames, Optional<String> context) {
  private static final Set<String> OF_THE_ORIGINAL =
      Set.of("etag", "last-modified", "accept-ranges");

  /// Takes note of the answer.
  ///
  /// @throws dev.gatehouse.http.ProblemException if this status must not reach this protocol's
  ///   client
  void check(UpstreamResponse answer, HttpServletRequest request) {
    Exchange.of(request).answered(answer.status());
    if (answer.status() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR
        && frames.hidesFailuresFrom(request)) {
      throw Problem.of(ProblemCode.UPSTREAM_FAILED, "The agent server could not do this")
          .exception();
    }
  }

  /// Commits the response, or leaves that to the first bytes of the body where they are there.
  ///
  /// @param body as it goes out
  void write(
      UpstreamResponse answer,
      AnswerBody body,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    response.setStatus(answer.status());
    if (!answer.saysWhetherToStore()) {
      response.setHeader("Cache-Control", "no-store");
    }
    answer.headers((name, value) -> {
      if (!body.rewritten() || !OF_THE_ORIGINAL.contains(name.toLowerCase(Locale.ROOT))) {
        add(request, response, name, value);
      }
    });
    if (answer.isEventStream()) {
      response.setHeader("Cache-Control", "no-cache, no-transform");
      response.setHeader("X-Accel-Buffering", "no");
    }
    context.ifPresent(merged -> response.setHeader("X-Gatehouse-Context", merged));
    frame(answer.status(), body.length(), request, response);
    if (!answer.hasBegun()) {
      response.flushBuffer();
    }
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
      int status, OptionalLong length, HttpServletRequest request, HttpServletResponse response) {
    length.ifPresent(response::setContentLengthLong);
    boolean chunks =
        length.isEmpty()
            && "HTTP/1.1".equals(request.getProtocol())
            && !"HEAD".equals(request.getMethod())
            && status != HttpServletResponse.SC_NO_CONTENT
            && status != HttpServletResponse.SC_NOT_MODIFIED;
    if (chunks) {
      response.setHeader("Transfer-Encoding", "chunked");
    }
  }
}
