package dev.gatehouse.enrich;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Follows the places through the tokens of a body and notes offsets; what lies elsewhere is only
/// checked, never kept.
final class OutlineReader {
  private final JsonParser parser;
  private final RootNames names;
  private Optional<String> operation = Optional.empty();
  private Optional<Outline.Span> call = Optional.empty();

  OutlineReader(JsonParser parser, RootNames names) {
    this.parser = parser;
    this.names = names;
  }

  Optional<Outline> read(Place places) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return Optional.empty();
    }
    ObjectSpan root = object(places);
    if (parser.nextToken() != null) {
      return Optional.empty();
    }
    return Optional.of(new Outline(root, operation, call));
  }

  private ObjectSpan object(Place place) {
    int open = tokenStart();
    List<ObjectSpan.Member> members = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (matters(place, name)) {
        members.add(member(place, name));
      } else {
        skip(name);
      }
    }
    return new ObjectSpan(open, tokenStart(), members);
  }

  private ObjectSpan.Member member(Place place, String name) {
    int start = tokenStart();
    moveToValue(name);
    int value = tokenStart();
    Optional<ObjectSpan> object = inside(place, name).filter(_ -> atObject()).map(this::object);
    if (object.isEmpty()) {
      parser.skipChildren();
    }
    return new ObjectSpan.Member(name, start, value, tokenEnd(), object);
  }

  private void skip(String name) {
    moveToValue(name);
    parser.skipChildren();
  }

  private void moveToValue(String name) {
    boolean inRoot = parser.streamReadContext().getNestingDepth() == 1;
    JsonToken value = parser.nextToken();
    if (!inRoot) {
      return;
    }
    if (value == JsonToken.VALUE_STRING && names.operation().equals(Optional.of(name))) {
      operation = Optional.of(parser.getString());
    }
    boolean simple = value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
    if (simple && names.call().equals(Optional.of(name))) {
      call = Optional.of(new Outline.Span(tokenStart(), tokenEnd()));
    }
  }

  private boolean atObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  private int tokenStart() {
    return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
  }

  private int tokenEnd() {
    parser.finishToken();
    return Math.toIntExact(parser.currentLocation().getByteOffset());
  }

  private static boolean matters(Place place, String name) {
    return switch (place) {
      case Place.Branch branch -> branch.members().containsKey(name) || branch.looksFor(name);
      case Place.Leaf leaf -> leaf.names().contains(name);
    };
  }

  private static Optional<Place> inside(Place place, String name) {
    return switch (place) {
      case Place.Branch branch -> Optional.ofNullable(branch.members().get(name));
      case Place.Leaf _ -> Optional.empty();
    };
  }
}
