package dev.gatehouse.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A place in a request body that the gate writes to.
///
/// @param path the member names from the root
/// @param made how many of the last names are made where they are missing: none, the place itself,
///   or it and its parent
/// @param beside if there, it is made only where its parent has a member of this name
/// @param content what is written there
public record Target(List<String> path, int made, Optional<String> beside, Content content) {

  /// The body itself.
  public static final Target ROOT =
      new Target(List.of(), 0, Optional.empty(), Content.USER_AND_PAGE);

  public Target {
    path = List.copyOf(path);
  }

  /// An object that takes user and page, from a JSON Pointer (RFC 6901) such as `/metadata`.
  ///
  /// @param created whether the object itself is made where it is missing
  /// @throws IllegalArgumentException if it does not start with `/`
  public static Target parse(String pointer, boolean created) {
    if (!pointer.startsWith("/")) {
      throw new IllegalArgumentException("a JSON Pointer starts with /");
    }
    List<String> path = new ArrayList<>();
    for (String segment : pointer.substring(1).split("/", -1)) {
      path.add(segment.replace("~1", "/").replace("~0", "~"));
    }
    return new Target(path, created ? 1 : 0, Optional.empty(), Content.USER_AND_PAGE);
  }

  /// The same, made together with its parent.
  Target withParent() {
    return new Target(path, 2, beside, content);
  }

  /// The same, made only where its parent has that member.
  Target beside(String member) {
    return new Target(path, made, Optional.of(member), content);
  }

  /// The same with another content.
  Target of(Content other) {
    return new Target(path, made, beside, other);
  }

  /// What is written into a place.
  public sealed interface Content {

    /// `userId`, `userInfo` and `pageContext`.
    Members USER_AND_PAGE = new Members(true, Optional.of("pageContext"), Optional.empty());

    /// `userId` and `userInfo`.
    Members USER = new Members(true, Optional.empty(), Optional.empty());

    /// Members of an object.
    ///
    /// @param user whether `userId` and `userInfo` are written
    /// @param page the name under which the page context is written, if it is
    /// @param pseudonym the name under which a keyed hash of the user is written, if it is
    record Members(boolean user, Optional<String> page, Optional<String> pseudonym)
        implements Content {

      /// The page context alone, under that name.
      static Members page(String name) {
        return new Members(false, Optional.of(name), Optional.empty());
      }

      /// A keyed hash of the user alone, under that name.
      static Members pseudonym(String name) {
        return new Members(false, Optional.empty(), Optional.of(name));
      }

      /// All names that are the gate's: where an object already has one, it matters.
      public Set<String> names() {
        return Stream.of(
                user ? Stream.of("userId", "userInfo") : Stream.<String>empty(),
                page.stream(),
                pseudonym.stream())
            .flatMap(names -> names)
            .collect(Collectors.toUnmodifiableSet());
      }
    }

    /// One object more in a list: `{"description":…,"value":…}`, the value being the page context
    /// as JSON text.
    record Item(String description) implements Content {}
  }
}
