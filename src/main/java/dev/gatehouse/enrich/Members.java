package dev.gatehouse.enrich;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.auth.User;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// What Gatehouse writes into targets, in wire form.
final class Members {
  private static final List<String> FIRST = List.of("id", "name", "email");

  private Members() {}

  /// `"userId":…,"userInfo":{…}`; nothing if nobody knows who the caller is.
  static Optional<ByteBuffer> user(Caller caller) {
    return caller.userId().map(id -> user(id, caller.user()));
  }

  private static ByteBuffer user(String id, User user) {
    byte[] object =
        JsonWriter.write(json -> {
          json.writeStartObject();
          json.writeStringProperty("userId", id);
          json.writeObjectPropertyStart("userInfo");
          inOrder(user.members()).forEach(json::writeStringProperty);
          json.writeEndObject();
          json.writeEndObject();
        });
    return ByteBuffer.wrap(object, 1, object.length - 2);
  }

  /// `"name":`
  static ByteBuffer name(String name) {
    byte[] quoted = JsonWriter.write((JsonGenerator json) -> json.writeString(name));
    return ByteBuffer.allocate(quoted.length + 1).put(quoted).put((byte) ':').flip();
  }

  /// `"…"`
  static ByteBuffer text(String text) {
    return ByteBuffer.wrap(JsonWriter.write((JsonGenerator json) -> json.writeString(text)));
  }

  /// `{"description":…,"value":…}`
  static ByteBuffer item(String description, ByteBuffer value) {
    String text = StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    return ByteBuffer.wrap(
        JsonWriter.write(json ->
            json.writeStartObject()
                .writeStringProperty("description", description)
                .writeStringProperty("value", text)
                .writeEndObject()));
  }

  private static Map<String, String> inOrder(Map<String, String> members) {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String name : FIRST) {
      String value = members.get(name);
      if (value != null) {
        ordered.put(name, value);
      }
    }
    members.forEach(ordered::putIfAbsent);
    return ordered;
  }
}
