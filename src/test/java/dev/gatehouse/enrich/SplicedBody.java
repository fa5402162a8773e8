package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.auth.TestCaller;
import dev.gatehouse.enrich.JsonText.Member;
import dev.gatehouse.enrich.JsonText.Node;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What must hold of any body and any targets: a body that is not one well-formed object, or has
/// something else where a target should be, is refused. Otherwise the bytes outside the targets are
/// the same, inside them what is not ours is spelled and ordered as before, and behind it stands
/// what the gate says.
///
/// @param targets as the enricher has them
record SplicedBody(Enricher enricher, List<Target> targets) {
  private static final int MAX_DEPTH = 500;
  private static final String HEADER = "{\"from\":\"header\"}";
  private static final String REFERER = "{\"from\":\"referer\"}";
  private static final List<String> USER =
      List.of("\"userId\":\"u-1\"", "\"userInfo\":{\"id\":\"u-1\"}");

  static SplicedBody at(String... pointers) {
    return new SplicedBody(
        Enriching.at(pointers),
        Stream.of(pointers).map(pointer -> Target.parse(pointer, true)).toList());
  }

  static SplicedBody chatKit() {
    return new SplicedBody(
        Enriching.chatKit(),
        List.of(Target.parse("/metadata", true), Target.parse("/params/input/metadata", false)));
  }

  static SplicedBody root() {
    return new SplicedBody(Enriching.aiSdk(), List.of(Target.ROOT));
  }

  /// Holds it against this body, with every kind of page context.
  void check(byte[] body) {
    Optional<Node> in = JsonText.object(body, MAX_DEPTH).filter(this::hasObjectsAtTargets);
    check(body, in, Enriching.CALLER, false, false);
    check(body, in, Enriching.CALLER, true, true);
    check(body, in, Enriching.CALLER, false, true);
    check(body, in, TestCaller.unknown(), false, false);
  }

  private void check(
      byte[] body, Optional<Node> in, Caller caller, boolean header, boolean referer) {
    Optional<PageContext> sent = header ? Enriching.page(HEADER) : Optional.empty();
    Optional<PageContext> seen = referer ? Enriching.page(REFERER) : Optional.empty();
    if (in.isEmpty()) {
      ProblemException refusal =
          assertThrows(
              ProblemException.class, () -> enricher.enrich(body, caller, sent, seen), "accepted");
      assertEquals(ProblemCode.MALFORMED_JSON, refusal.problem().code());
      return;
    }
    byte[] out = Enriching.bytes(enricher.enrich(body, caller, sent, seen));
    Node result =
        JsonText.object(out, MAX_DEPTH + 64)
            .orElseThrow(() -> new AssertionError("broken: " + latin(out)));
    List<String> user = caller.userId().isPresent() ? USER : List.of();
    Optional<String> filling =
        clientsPage(in.get()).or(() -> referer ? Optional.of(REFERER) : Optional.empty());
    for (Target target : targets) {
      targetIsRight(target, in.get(), result, user, header, filling);
    }
    assertEquals(outside(in.get(), in.get()), outside(result, in.get()), () -> latin(out));
  }

  private void targetIsRight(
      Target target,
      Node in,
      Node out,
      List<String> user,
      boolean header,
      Optional<String> filling) {
    Optional<Node> before = find(in, target.path());
    Optional<Node> after = find(out, target.path());
    List<String> wanted = new ArrayList<>();
    before.ifPresent(object ->
        object.members().stream()
            .filter(member -> !isReplaced(member.name(), header))
            .map(Member::raw)
            .forEach(wanted::add));
    wanted.addAll(user);
    boolean own = before.flatMap(object -> object.member("pageContext")).isPresent();
    Optional<String> page = header ? Optional.of(HEADER) : filling.filter(_ -> !own);
    page.ifPresent(json -> wanted.add("\"pageContext\":" + json));
    boolean made = before.isEmpty() && isMade(target, in) && !wanted.isEmpty();
    assertEquals(before.isPresent() || made, after.isPresent());
    after.ifPresent(
        object -> assertEquals(wanted, object.members().stream().map(Member::raw).toList()));
  }

  private static boolean isReplaced(String name, boolean header) {
    return name.equals("userId")
        || name.equals("userInfo")
        || (header && name.equals("pageContext"));
  }

  private static boolean isMade(Target target, Node in) {
    return target.made() > 0
        && find(in, target.path().subList(0, target.path().size() - 1)).isPresent();
  }

  private boolean hasObjectsAtTargets(Node root) {
    return targets.stream()
        .filter(target -> !target.path().isEmpty())
        .allMatch(target ->
            find(root, target.path().subList(0, target.path().size() - 1))
                .flatMap(parent -> parent.member(target.path().getLast()))
                .map(member -> member.value().isObject())
                .orElse(true));
  }

  private Optional<String> clientsPage(Node in) {
    return targets.stream()
        .flatMap(target -> find(in, target.path()).stream())
        .flatMap(object -> object.member("pageContext").stream())
        .map(member -> member.value().raw())
        .findFirst();
  }

  private static Optional<Node> find(Node root, List<String> path) {
    Optional<Node> found = Optional.of(root);
    for (String name : path) {
      found = found.flatMap(outer -> outer.member(name)).map(Member::value).filter(Node::isObject);
    }
    return found;
  }

  /// The bytes outside the targets, and without those targets that were made.
  ///
  /// @param original tells which were there
  private String outside(Node root, Node original) {
    record Cut(int start, int end) {}
    List<Cut> cuts = new ArrayList<>();
    for (Target target : targets) {
      Optional<Node> found = find(root, target.path());
      if (found.isPresent() && find(original, target.path()).isPresent()) {
        cuts.add(new Cut(found.get().start() + 1, found.get().end() - 1));
      } else if (found.isPresent()) {
        Node parent = find(root, target.path().subList(0, target.path().size() - 1)).orElseThrow();
        int index = parent.members().indexOf(parent.member(target.path().getLast()).orElseThrow());
        int start = parent.members().get(index).start();
        // Made behind the last member, with nothing but a comma in between.
        cuts.add(new Cut(index == 0 ? start : start - 1, found.get().end()));
      }
    }
    StringBuilder outside = new StringBuilder(root.text());
    cuts.stream()
        .sorted((one, other) -> Integer.compare(other.start(), one.start()))
        .forEach(cut -> outside.delete(cut.start(), cut.end()));
    return outside.toString();
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
