package dev.gatehouse.enrich;

import dev.gatehouse.auth.Caller;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/// The members that Gatehouse writes into a target, in wire form.
final class Members {
  static final String USER_ID = "userId";
  static final String USER_INFO = "userInfo";
  static final String PAGE_CONTEXT = "pageContext";

  /// All of them: where a target already has one, it matters.
  static final Set<String> OURS = Set.of(USER_ID, USER_INFO, PAGE_CONTEXT);

  private static final List<String> FIRST = List.of("id", "name", "email");

  private Members() {}

  /// `"userId":…,"userInfo":{…}`
  static ByteBuffer user(Caller caller) {
    byte[] object =
        StrictJson.write(json -> {
          json.writeStartObject();
          json.writeStringProperty(USER_ID, caller.subject());
          json.writeObjectPropertyStart(USER_INFO);
          inOrder(caller.user().members()).forEach(json::writeStringProperty);
          json.writeEndObject();
          json.writeEndObject();
        });
    return ByteBuffer.wrap(object, 1, object.length - 2);
  }

  /// `"name":`
  static ByteBuffer name(String name) {
    byte[] quoted = StrictJson.write((JsonGenerator json) -> json.writeString(name));
    return ByteBuffer.allocate(quoted.length + 1).put(quoted).put((byte) ':').flip();
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
