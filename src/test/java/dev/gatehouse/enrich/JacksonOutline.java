package dev.gatehouse.enrich;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// An outline as Jackson sees it, told to be as strict as we are, to hold ours against.
final class JacksonOutline {
  private final JsonParser parser;
  private final RootNames names;
  private Optional<String> operation = Optional.empty();
  private Optional<Outline.Span> call = Optional.empty();

  private JacksonOutline(JsonParser parser, RootNames names) {
    this.parser = parser;
    this.names = names;
  }

  static Optional<Outline> read(byte[] json, int depth, Place places, RootNames names) {
    CharBuffer text = CharBuffer.allocate(json.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json), text, true).isError()) {
      return Optional.empty();
    }
    try (JsonParser parser = parser(json, depth)) {
      return new JacksonOutline(parser, names).read(places);
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }

  private static JsonParser parser(byte[] json, int depth) {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(depth)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build();
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
        .streamReadConstraints(limits)
        .build()
        .createParser(ObjectReadContext.empty(), json);
  }

  private Optional<Outline> read(Place places) {
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
      if (place.matters(name)) {
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
    Optional<ObjectSpan> object = place.inside(name).filter(_ -> atObject()).map(this::object);
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
}
