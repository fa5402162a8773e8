package dev.gatehouse.enrich;

import dev.gatehouse.protocol.Target.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What the targets of one request get, and a note of what they got.
///
/// @param user `"userId":…,"userInfo":{…}`, if the user is known
/// @param pseudonym what stands for the user where the name must not be told, if the user is known;
///   few targets have it, and to make it takes a while
record Additions(
    Optional<ByteBuffer> user,
    Supplier<Optional<String>> pseudonym,
    PageSource page,
    Set<Merged> merged) {

  Additions(Optional<ByteBuffer> user, Supplier<Optional<String>> pseudonym, PageSource page) {
    this(user, pseudonym, page, EnumSet.noneOf(Merged.class));
  }

  /// What an object gets: members with commas in between, or nothing.
  ///
  /// @param hasOwnPage whether the client already put a page context there
  List<ByteBuffer> members(Content.Members content, boolean hasOwnPage) {
    List<ByteBuffer> members = new ArrayList<>();
    if (content.user()) {
      user.ifPresent(known -> add(members, Merged.USER, known));
    }
    content
        .pseudonym()
        .ifPresent(name ->
            pseudonym
                .get()
                .ifPresent(
                    known -> add(members, Merged.USER, Members.name(name), Members.text(known))));
    content
        .page()
        .ifPresent(name -> {
          page.forTarget(hasOwnPage)
              .ifPresent(context -> add(members, Merged.PAGE, Members.name(name), context));
          if (hasOwnPage && page.enabled()) {
            merged.add(Merged.PAGE);
          }
        });
    return members;
  }

  private void add(List<ByteBuffer> members, Merged what, ByteBuffer... pieces) {
    if (!members.isEmpty()) {
      members.add(ascii(","));
    }
    members.addAll(List.of(pieces));
    merged.add(what);
  }

  /// What a list gets, if anything.
  Optional<ByteBuffer> item(Content.Item content) {
    Optional<ByteBuffer> item =
        page.forTarget(false).map(context -> Members.item(content.description(), context));
    item.ifPresent(_ -> merged.add(Merged.PAGE));
    return item;
  }

  /// The value of a target, or of an object on the way to targets, that is made; nothing if it
  /// would be empty.
  List<ByteBuffer> made(Place place) {
    return switch (place) {
      case Place.Branch branch -> enclosed("{", made(branch.missingIn(ObjectSpan.EMPTY)), "}");
      case Place.Leaf leaf ->
          switch (leaf.content()) {
            case Content.Members members -> enclosed("{", members(members, false), "}");
            case Content.Item item -> enclosed("[", item(item).stream().toList(), "]");
          };
    };
  }

  /// Members that are made, with commas in between.
  List<ByteBuffer> made(Map<String, Place> places) {
    List<ByteBuffer> members = new ArrayList<>();
    places.forEach((name, place) -> {
      List<ByteBuffer> value = made(place);
      if (!value.isEmpty()) {
        if (!members.isEmpty()) {
          members.add(ascii(","));
        }
        members.add(Members.name(name));
        members.addAll(value);
      }
    });
    return members;
  }

  private static List<ByteBuffer> enclosed(String open, List<ByteBuffer> inner, String close) {
    if (inner.isEmpty()) {
      return List.of();
    }
    List<ByteBuffer> value = new ArrayList<>(List.of(ascii(open)));
    value.addAll(inner);
    value.add(ascii(close));
    return value;
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
