package dev.gatehouse.relay;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.config.Origin;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.connection.Http2;
import dev.gatehouse.enrich.EnrichedBody;
import dev.gatehouse.enrich.Enricher;
import dev.gatehouse.enrich.PageContext;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.protocol.Protocol;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads what a client sent and, on a route that carries JSON, writes page context and user into
/// it.
final class Payloads {
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS");

  private final RouteConfig config;
  private final Protocol protocol;
  private final Enricher enricher;
  private final List<Origin> origins;
  private final Duration patience;

  /// @param gate whose own pages are believed as a `Referer`
  Payloads(Route route, Gate gate) {
    this.config = route.config();
    this.protocol = route.protocol();
    this.enricher = Enricher.of(config.context(), protocol, gate.pseudonyms());
    this.origins = gate.origins();
    this.patience = gate.bodies().patience();
  }

  /// The payload of a request.
  ///
  /// @param share what the room for it is taken from
  /// @throws ProblemException if it is of the wrong type, too large or malformed
  Payload read(HttpServletRequest request, Caller caller, BodyRoom.Share share) {
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
        ? new Payload.Document(enrich(request, caller, share), share)
        : new Payload.Upload(request, patience, config.maxBodySize());
  }

  private EnrichedBody enrich(HttpServletRequest request, Caller caller, BodyRoom.Share share) {
    ContextConfig settings = config.context();
    Optional<PageContext> header =
        settings.enabled()
            ? PageContext.fromHeader(
                Collections.list(request.getHeaders("X-Page-Context")), settings.maxSize())
            : Optional.empty();
    Optional<PageContext> referer =
        PageContext.fromReferer(request.getHeader("Referer"), origins, settings.maxSize());
    EnrichedBody enriched = enricher.enrich(body(request, share), caller, header, referer);
    enriched
        .operation()
        .filter(protocol.operations()::contains)
        .ifPresent(Exchange.of(request)::asksFor);
    boolean streams = enriched.operation().filter(protocol::streams).isPresent();
    ErrorFrames.expect(request, streams, enriched.call());
    return enriched;
  }

  private byte[] body(HttpServletRequest request, BodyRoom.Share share) {
    try (ClientBody body = new ClientBody(request, patience, config.maxBodySize())) {
      return body.readAll(share);
    }
  }

  private static void requireJson(HttpServletRequest request) {
    List<String> types = Collections.list(request.getHeaders("Content-Type"));
    boolean plain = request.getHeader("Content-Encoding") == null;
    if (types.size() != 1 || !JsonType.matches(types.getFirst()) || !plain) {
      throw Problem.of(
              ProblemCode.UNSUPPORTED_MEDIA_TYPE, "This path takes plain application/json in UTF-8")
          .exception();
    }
  }

  private Payload nothing(HttpServletRequest request) {
    try (ClientBody body = new ClientBody(request, patience, 1)) {
      if (body.read(new byte[1]) >= 0) {
        throw Problem.of(ProblemCode.MALFORMED_REQUEST, "This method carries no body").exception();
      }
    }
    return new Payload.Nothing();
  }

  /// Where JSON is spoken, only a DELETE may leave it out, unless the protocol says otherwise.
  private boolean isWithoutBody(HttpServletRequest request) {
    boolean optional =
        !protocol.readsBody()
            || protocol.bodyMayBeLeftOut()
            || "DELETE".equals(request.getMethod());
    return WITHOUT_BODY.contains(request.getMethod()) || (optional && !hasBody(request));
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader("Transfer-Encoding") != null
        || (request.getContentLengthLong() < 0 && Http2.hasBody(request));
  }
}
