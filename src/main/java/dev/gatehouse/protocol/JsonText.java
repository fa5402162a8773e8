package dev.gatehouse.protocol;

import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// JSON as events and error frames have it: small, or only a beginning.
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int DEEPEST = 4;

  private JsonText() {}

  /// What the writer writes into one object.
  static String object(Consumer<JsonGenerator> members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  /// The members near the root of an object, by their names with `/` in between: a string, number
  /// or boolean as text, an object or list as its opening bracket. What lies in lists is left out.
  /// A text that breaks off gives what stands before that.
  static Map<String, String> outline(String text) {
    Map<String, String> found = new HashMap<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        collect(parser, found);
      }
    } catch (JacksonException _) {
      // as far as it goes
    }
    return found;
  }

  private static void collect(JsonParser parser, Map<String, String> found) {
    Deque<String> names = new ArrayDeque<>();
    while (parser.nextToken() != null) {
      switch (parser.currentToken()) {
        case PROPERTY_NAME -> {
          String path = String.join("/", names.reversed());
          names.push(parser.currentName());
          String name = path.isEmpty() ? parser.currentName() : path + "/" + parser.currentName();
          JsonToken value = parser.nextToken();
          found.put(name, parser.getString());
          if (value == JsonToken.START_OBJECT && names.size() < DEEPEST) {
            continue;
          }
          parser.skipChildren();
          names.pop();
        }
        case END_OBJECT -> names.poll();
        default -> {}
      }
    }
  }
}
