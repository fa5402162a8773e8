package dev.gatehouse.enrich;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.protocol.Target.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Writes user and page context into the targets of one body. What switches over types would tell
/// is told by `instanceof` and a cast: Java links such a switch anew at each start, and the first
/// request waits for it.
final class Merge {
  private static final Problem WRONG_KIND =
      Problem.of(
          ProblemCode.MALFORMED_JSON,
          "The member that takes the context must be of the kind the protocol says, or be left"
              + " out.");

  private final Splice splice;
  private final Additions additions;

  Merge(Splice splice, Additions additions) {
    this.splice = splice;
    this.additions = additions;
  }

  /// Writes into the root, which is a target or has targets inside.
  void at(Place place, ObjectSpan root) {
    if (place instanceof Place.Branch inner) {
      branch(inner, root);
    } else if (((Place.Leaf) place).content() instanceof Content.Members members) {
      object(members, root);
    }
  }

  /// Goes through an object on the way to targets, then appends the targets it lacks.
  private void branch(Place.Branch branch, ObjectSpan object) {
    for (ObjectSpan.Member member : object.members()) {
      Place place = branch.members().get(member.name());
      if (place instanceof Place.Branch inner) {
        way(inner, member);
      } else if (place != null) {
        target((Place.Leaf) place, member);
      }
    }
    append(additions.made(branch.missingIn(object)), object.open(), object.close());
  }

  /// What would be made where it is missing cannot be anything else where it is there.
  private void way(Place.Branch inner, ObjectSpan.Member member) {
    if (member.object().isEmpty() && inner.made()) {
      throw WRONG_KIND.exception();
    }
    member.object().ifPresent(found -> branch(inner, found));
  }

  private void target(Place.Leaf leaf, ObjectSpan.Member member) {
    if (leaf.content() instanceof Content.Members members) {
      object(members, member.object().orElseThrow(WRONG_KIND::exception));
    } else {
      Content.Item item = (Content.Item) leaf.content();
      if (!splice.isList(member.value())) {
        throw WRONG_KIND.exception();
      }
      append(additions.item(item).stream().toList(), member.value(), member.end() - 1);
    }
  }

  private void object(Content.Members content, ObjectSpan object) {
    boolean hasOwnPage = content.page().flatMap(object::member).isPresent();
    List<ByteBuffer> added = additions.members(content, hasOwnPage);
    if (added.isEmpty()) {
      strip(content, object);
      return;
    }
    boolean atEnd = false;
    for (ObjectSpan.Member member : object.members()) {
      if (isReplaced(content, member)) {
        atEnd = remove(member);
      }
    }
    if (!atEnd && moveToEnd(object.open(), object.close())) {
      splice.add(ascii(","));
    }
    added.forEach(splice::add);
  }

  /// Puts something behind the last member of an object or the last item of a list.
  private void append(List<ByteBuffer> added, int open, int close) {
    if (added.isEmpty()) {
      return;
    }
    if (moveToEnd(open, close)) {
      splice.add(ascii(","));
    }
    added.forEach(splice::add);
  }

  /// Leaves out what the client said in our place.
  private void strip(Content.Members content, ObjectSpan object) {
    List<ObjectSpan.Member> ours =
        object.members().stream().filter(member -> isReplaced(content, member)).toList();
    for (int first = 0, last = 0; first < ours.size(); first = ++last) {
      while (last + 1 < ours.size() && follows(ours.get(last), ours.get(last + 1))) {
        last++;
      }
      leaveOut(ours.get(first).start(), ours.get(last).end());
    }
  }

  private boolean follows(ObjectSpan.Member one, ObjectSpan.Member next) {
    int comma = splice.afterBlanks(one.end());
    return splice.isComma(comma) && splice.afterBlanks(comma + 1) == next.start();
  }

  /// Leaves out members with the comma behind them, or before them where they are the last.
  private void leaveOut(int start, int end) {
    int next = splice.afterBlanks(end);
    if (splice.isComma(next)) {
      splice.keepTo(start);
      splice.skipTo(splice.afterBlanks(next + 1));
      return;
    }
    int before = splice.beforeBlanks(start) - 1;
    splice.keepTo(splice.isComma(before) ? before : start);
    splice.skipTo(end);
  }

  private boolean isReplaced(Content.Members content, ObjectSpan.Member member) {
    boolean page = content.page().equals(Optional.of(member.name()));
    return !page || additions.page().replacing().isPresent();
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

  /// Keeps everything up to behind the last member or item; true if there is one.
  private boolean moveToEnd(int open, int close) {
    int end = splice.beforeBlanks(close);
    splice.keepTo(end);
    return end > open + 1;
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
