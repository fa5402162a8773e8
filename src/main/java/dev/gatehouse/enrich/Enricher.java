package dev.gatehouse.enrich;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.protocol.Protocol;
import dev.gatehouse.protocol.Target;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Writes the verified user and the page context into the request bodies of one route.
public final class Enricher {
  private static final int MAX_DEPTH = 500;
  private static final Problem MALFORMED =
      Problem.of(
          ProblemCode.MALFORMED_JSON,
          "The body must be one well-formed JSON object in UTF-8, without duplicate keys.");

  private final List<Target> targets;
  private final Place.Branch places;
  private final boolean takesPage;
  private final Optional<String> operationMember;

  private Enricher(List<Target> targets, boolean takesPage, Optional<String> operationMember) {
    this.targets = List.copyOf(targets);
    this.places = Place.of(targets);
    this.takesPage = takesPage;
    this.operationMember = operationMember;
  }

  /// The enricher of a route. Targets the route names itself replace the protocol's.
  ///
  /// @throws IllegalArgumentException if a target is no JSON Pointer, is named twice or stands
  ///   inside another
  public static Enricher of(ContextConfig context, Protocol protocol) {
    List<Target> targets =
        context
            .targets()
            .map(pointers -> pointers.stream().map(text -> Target.parse(text, true)).toList())
            .orElseGet(protocol::targets);
    return new Enricher(targets, context.enabled(), protocol.operationMember());
  }

  /// The body with user and page context in its targets; every byte outside them stays. Without
  /// targets it is checked all the same.
  ///
  /// @throws dev.gatehouse.http.ProblemException `malformed-json` if the body is not exactly one
  ///   well-formed JSON object in UTF-8 without duplicate keys, or a target is not an object
  public EnrichedBody enrich(
      byte[] body,
      Caller caller,
      Optional<PageContext> fromHeader,
      Optional<PageContext> fromReferer) {
    Outline outline =
        Outline.read(body, MAX_DEPTH, places, operationMember).orElseThrow(MALFORMED::exception);
    PageSource page =
        PageSource.of(takesPage, fromHeader, clientsPage(body, outline.root()), fromReferer);
    Splice splice = new Splice(body);
    Merge merge = new Merge(splice, Members.user(caller), page);
    merge.branch(places, outline.root());
    return new EnrichedBody(
        splice.finish(), Collections.unmodifiableSet(merge.merged()), outline.operation());
  }

  /// The page context of the first target in which the client put one.
  private Optional<ByteBuffer> clientsPage(byte[] body, ObjectSpan root) {
    return targets.stream()
        .flatMap(target -> root.at(target.path()).stream())
        .flatMap(object -> object.member(Members.PAGE_CONTEXT).stream())
        .findFirst()
        .map(page -> ByteBuffer.wrap(body, page.value(), page.end() - page.value()));
  }
}
