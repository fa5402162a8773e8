package dev.gatehouse.relay;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.config.Origin;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.enrich.EnrichedBody;
import dev.gatehouse.enrich.Enricher;
import dev.gatehouse.enrich.PageContext;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.protocol.Protocol;
import dev.gatehouse.stream.Http2;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what a client sent and, on a route that carries JSON, writes page context and user into
/// it.
final class Payloads {
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS");
  private static final Pattern JSON =
      Pattern.compile(
          "application/(?:[\\w.+-]+\\+)?json\\s*+"
              + "(?:;\\s*+(?:charset\\s*+=\\s*+\"?utf-8\"?\\s*+|(?!charset)[^;]*+))*+",
          Pattern.CASE_INSENSITIVE);

  private final RouteConfig config;
  private final Protocol protocol;
  private final Enricher enricher;
  private final List<Origin> origins;

  /// @param origins the gate's own, whose pages are believed as a `Referer`
  Payloads(Route route, List<Origin> origins) {
    this.config = route.config();
    this.protocol = route.protocol();
    this.enricher = Enricher.of(config.context(), protocol);
    this.origins = origins;
  }

  /// The payload of a request.
  ///
  /// @throws ProblemException if it is of the wrong type, too large or malformed
  Payload read(HttpServletRequest request, Caller caller) throws IOException {
    if (isWithoutBody(request)) {
      return nothing(request);
    }
    if (protocol.readsBody()) {
      requireJson(request);
    }
    if (request.getContentLengthLong() > config.maxBodySize()) {
      throw ClientBody.tooLarge();
    }
    return protocol.readsBody()
        ? new Payload.Document(enrich(request, caller))
        : new Payload.Upload(request, config.maxBodySize());
  }

  private EnrichedBody enrich(HttpServletRequest request, Caller caller) throws IOException {
    ContextConfig settings = config.context();
    Optional<PageContext> header =
        settings.enabled()
            ? PageContext.fromHeader(
                Collections.list(request.getHeaders("X-Page-Context")), settings.maxSize())
            : Optional.empty();
    Optional<PageContext> referer =
        PageContext.fromReferer(request.getHeader("Referer"), origins, settings.maxSize());
    EnrichedBody enriched =
        enricher.enrich(
            new ClientBody(request, config.maxBodySize()).readAll(), caller, header, referer);
    if (enriched.operation().filter(protocol::streams).isPresent()) {
      ErrorFrames.markStreaming(request);
    }
    return enriched;
  }

  private static void requireJson(HttpServletRequest request) {
    List<String> types = Collections.list(request.getHeaders("Content-Type"));
    boolean plain = request.getHeader("Content-Encoding") == null;
    if (types.size() != 1 || !JSON.matcher(types.getFirst().strip()).matches() || !plain) {
      throw Problem.of(
              ProblemCode.UNSUPPORTED_MEDIA_TYPE, "This path takes plain application/json in UTF-8")
          .exception();
    }
  }

  private static Payload nothing(HttpServletRequest request) throws IOException {
    if (new ClientBody(request, 1).read(new byte[1]) >= 0) {
      throw Problem.of(ProblemCode.MALFORMED_REQUEST, "This method carries no body").exception();
    }
    return new Payload.Nothing();
  }

  /// Where JSON is spoken, only a DELETE may leave it out.
  private boolean isWithoutBody(HttpServletRequest request) {
    boolean optional = !protocol.readsBody() || "DELETE".equals(request.getMethod());
    return WITHOUT_BODY.contains(request.getMethod()) || (optional && !hasBody(request));
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader("Transfer-Encoding") != null
        || (request.getContentLengthLong() < 0 && Http2.hasBody(request));
  }
}
