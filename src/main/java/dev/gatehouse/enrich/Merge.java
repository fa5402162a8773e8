package dev.gatehouse.enrich;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes user and page context into the targets of one body.
final class Merge {
  private static final Problem NOT_AN_OBJECT =
      Problem.of(
          ProblemCode.MALFORMED_JSON,
          "The member that takes the context must be an object or be left out.");

  private final Splice splice;
  private final ByteBuffer user;
  private final PageSource page;
  private final Set<Merged> merged = EnumSet.noneOf(Merged.class);

  Merge(Splice splice, ByteBuffer user, PageSource page) {
    this.splice = splice;
    this.user = user;
    this.page = page;
  }

  Set<Merged> merged() {
    return merged;
  }

  /// Goes through an object on the way to targets, then appends the targets it lacks.
  void branch(Place.Branch branch, ObjectSpan object) {
    for (ObjectSpan.Member member : object.members()) {
      switch (branch.members().get(member.name())) {
        case Place.Branch inner -> member.object().ifPresent(found -> branch(inner, found));
        case Place.Leaf _ -> target(member.object().orElseThrow(NOT_AN_OBJECT::exception));
        case null -> {}
      }
    }
    List<String> missing = branch.created().filter(name -> object.member(name).isEmpty()).toList();
    if (!missing.isEmpty()) {
      create(missing, object);
    }
  }

  private void create(List<String> names, ObjectSpan parent) {
    boolean comma = moveToEnd(parent);
    for (String name : names) {
      if (comma) {
        splice.add(ascii(","));
      }
      splice.add(Members.name(name));
      splice.add(ascii("{"));
      addMembers(false);
      splice.add(ascii("}"));
      comma = true;
    }
  }

  private void target(ObjectSpan object) {
    boolean atEnd = false;
    for (ObjectSpan.Member member : object.members()) {
      if (isReplaced(member)) {
        atEnd = remove(member);
      }
    }
    if (!atEnd && moveToEnd(object)) {
      splice.add(ascii(","));
    }
    addMembers(object.member(Members.PAGE_CONTEXT).isPresent());
  }

  private void addMembers(boolean hasOwnPage) {
    splice.add(user);
    merged.add(Merged.USER);
    Optional<ByteBuffer> context = page.forTarget(hasOwnPage);
    context.ifPresent(json -> {
      splice.add(ascii(","));
      splice.add(Members.name(Members.PAGE_CONTEXT));
      splice.add(json);
    });
    if (page.enabled() && (hasOwnPage || context.isPresent())) {
      merged.add(Merged.PAGE);
    }
  }

  private boolean isReplaced(ObjectSpan.Member member) {
    return !member.name().equals(Members.PAGE_CONTEXT) || page.replacing().isPresent();
  }

  /// Leaves a member out with the comma behind it; true if it was the last, so that others may take
  /// its place.
  private boolean remove(ObjectSpan.Member member) {
    splice.keepTo(member.start());
    int next = splice.afterBlanks(member.end());
    if (splice.isComma(next)) {
      splice.skipTo(splice.afterBlanks(next + 1));
      return false;
    }
    splice.skipTo(member.end());
    return true;
  }

  /// Keeps everything up to behind the last member; true if there is one.
  private boolean moveToEnd(ObjectSpan object) {
    int end = splice.beforeBlanks(object.close());
    splice.keepTo(end);
    return end > object.open() + 1;
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
