package dev.gatehouse.enrich;

import dev.gatehouse.enrich.JsonScanner.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Follows the places through the tokens of a body and notes offsets; what lies elsewhere is only
/// checked, never kept.
final class OutlineReader {
  private final JsonScanner scanner;
  private final RootNames names;
  private Optional<String> operation = Optional.empty();
  private Optional<Outline.Span> call = Optional.empty();

  OutlineReader(JsonScanner scanner, RootNames names) {
    this.scanner = scanner;
    this.names = names;
  }

  /// @throws MalformedJsonException if it is not exactly one object
  Outline read(Place places) {
    if (scanner.next() != Token.OBJECT) {
      throw new MalformedJsonException();
    }
    ObjectSpan root = object(places);
    scanner.next();
    return new Outline(root, operation, call);
  }

  private ObjectSpan object(Place place) {
    int open = scanner.tokenStart();
    List<ObjectSpan.Member> members = new ArrayList<>();
    while (scanner.next() != Token.OBJECT_END) {
      int start = scanner.tokenStart();
      String name = scanner.text();
      Token kind = scanner.next();
      if (scanner.depth() == 1) {
        root(name, kind);
      }
      if (place.matters(name)) {
        members.add(member(place, name, start, kind));
      } else {
        scanner.skip();
      }
    }
    return new ObjectSpan(open, scanner.tokenStart(), members);
  }

  private ObjectSpan.Member member(Place place, String name, int start, Token kind) {
    int value = scanner.tokenStart();
    Optional<ObjectSpan> object =
        place.inside(name).filter(_ -> kind == Token.OBJECT).map(this::object);
    if (object.isEmpty()) {
      scanner.skip();
    }
    return new ObjectSpan.Member(name, start, value, scanner.tokenEnd(), object);
  }

  private void root(String name, Token kind) {
    if (kind == Token.STRING && names.operation().equals(Optional.of(name))) {
      operation = Optional.of(scanner.text());
    }
    boolean simple = kind == Token.STRING || kind == Token.INTEGER;
    if (simple && names.call().equals(Optional.of(name))) {
      call = Optional.of(new Outline.Span(scanner.tokenStart(), scanner.tokenEnd()));
    }
  }
}
