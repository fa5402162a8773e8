package dev.gatehouse.enrich;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.http.Principal;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.Pseudonyms;
import dev.gatehouse.protocol.Protocol;
import dev.gatehouse.protocol.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Writes the verified user and the page context into the request bodies of one route.
public final class Enricher {
  private static final int MAX_DEPTH = 500;
  private static final int MAX_CALL = 256;
  private static final Problem MALFORMED =
      Problem.of(
          ProblemCode.MALFORMED_JSON,
          "The body must be one well-formed JSON object in UTF-8, without duplicate keys.");

  private final List<Target> targets;
  private final Place places;
  private final boolean takesPage;
  private final RootNames names;
  private final Pseudonyms pseudonyms;

  private Enricher(
      List<Target> targets, boolean takesPage, RootNames names, Pseudonyms pseudonyms) {
    this.targets = List.copyOf(targets);
    this.places = Place.of(targets);
    this.takesPage = takesPage;
    this.names = names;
    this.pseudonyms = pseudonyms;
  }

  /// The enricher of a route. Targets the route names itself replace the protocol's.
  ///
  /// @param pseudonyms what users are called where their names must not be told
  /// @throws IllegalArgumentException if a target is no JSON Pointer, is named twice or stands
  ///   inside another
  public static Enricher of(ContextConfig context, Protocol protocol, Pseudonyms pseudonyms) {
    List<Target> targets =
        context
            .targets()
            .map(pointers -> pointers.stream().map(text -> Target.parse(text, true)).toList())
            .orElseGet(protocol::targets);
    RootNames names = new RootNames(protocol.operationMember(), protocol.callMember());
    return new Enricher(targets, context.enabled(), names, pseudonyms);
  }

  /// The body with user and page context in its targets; every byte outside them stays. Without
  /// targets it is checked all the same.
  ///
  /// @throws dev.gatehouse.http.ProblemException `malformed-json` if the body is not exactly one
  ///   well-formed JSON object in UTF-8 without duplicate keys, or a target is of another kind than
  ///   it should be
  public EnrichedBody enrich(
      byte[] body,
      Caller caller,
      Optional<PageContext> fromHeader,
      Optional<PageContext> fromReferer) {
    Outline outline =
        Outline.read(body, MAX_DEPTH, places, names).orElseThrow(MALFORMED::exception);
    PageSource page =
        PageSource.of(takesPage, fromHeader, clientsPage(body, outline.root()), fromReferer);
    Splice splice = new Splice(body);
    Additions additions = new Additions(Members.user(caller), () -> pseudonym(caller), page);
    new Merge(splice, additions).at(places, outline.root());
    return new EnrichedBody(
        splice.finish(),
        Collections.unmodifiableSet(additions.merged()),
        outline.operation(),
        call(body, outline));
  }

  private Optional<String> pseudonym(Caller caller) {
    return caller
        .userId()
        .map(id -> pseudonyms.forModel(new Principal(caller.claim("iss").orElse(""), id)));
  }

  /// A message without an operation answers one of the agent's, and waits for nothing.
  private static Optional<String> call(byte[] body, Outline outline) {
    return outline
        .call()
        .filter(span -> outline.operation().isPresent())
        .filter(span -> span.end() - span.start() <= MAX_CALL)
        .map(span ->
            new String(body, span.start(), span.end() - span.start(), StandardCharsets.UTF_8));
  }

  /// The page context of the first target in which the client put one.
  private Optional<ByteBuffer> clientsPage(byte[] body, ObjectSpan root) {
    return targets.stream()
        .flatMap(target ->
            pageName(target).stream()
                .flatMap(
                    name -> root.at(target.path()).flatMap(object -> object.member(name)).stream()))
        .findFirst()
        .map(page -> ByteBuffer.wrap(body, page.value(), page.end() - page.value()));
  }

  private static Optional<String> pageName(Target target) {
    return target.content() instanceof Target.Content.Members members
        ? members.page()
        : Optional.empty();
  }
}
