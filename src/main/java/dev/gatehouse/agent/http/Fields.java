package dev.gatehouse.agent.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The members of one JSON object of a request, by type. What does not fit is a [Refusal] that
/// names the member and never its value.
///
/// @param path where the object stands in the request; empty at the root
public record Fields(ObjectNode node, String path) {

  /// The path of a member, for a refusal.
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  public Fields object(String name) {
    return object(member(name), path(name));
  }

  /// An object, or nothing if the member is absent; `null` is refused, as ChatKit does.
  public Optional<Fields> optionalObject(String name) {
    return node.has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  public List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode element : array(name)) {
      objects.add(object(element, path(name) + "[" + objects.size() + "]"));
    }
    return objects;
  }

  public String text(String name) {
    return text(member(name), path(name));
  }

  /// A string, or nothing if the member is absent or `null`.
  public Optional<String> optionalText(String name) {
    return isAbsent(name) ? Optional.empty() : Optional.of(text(name));
  }

  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(name)) {
      texts.add(text(element, path(name) + "[" + texts.size() + "]"));
    }
    return texts;
  }

  /// A whole number above zero, or nothing if the member is absent or `null`.
  public OptionalInt optionalCount(String name) {
    if (isAbsent(name)) {
      return OptionalInt.empty();
    }
    JsonNode number = member(name);
    if (number == null
        || !number.isIntegralNumber()
        || !number.canConvertToInt()
        || number.intValue() < 1) {
      throw Refusal.invalid(path(name) + " must be a whole number above zero.");
    }
    return OptionalInt.of(number.intValue());
  }

  /// Whatever stands there, `null` included.
  public JsonNode any(String name) {
    JsonNode value = member(name);
    if (value == null) {
      throw Refusal.invalid(path(name) + " is missing.");
    }
    return value;
  }

  /// A number of bytes.
  public long size(String name) {
    JsonNode size = member(name);
    if (size == null
        || !size.isIntegralNumber()
        || !size.canConvertToLong()
        || size.longValue() < 0) {
      throw Refusal.invalid(path(name) + " must be a number of bytes.");
    }
    return size.longValue();
  }

  /// A boolean, false if the member is absent.
  public boolean flag(String name) {
    JsonNode flag = member(name);
    if (flag == null) {
      return false;
    }
    if (!flag.isBoolean()) {
      throw Refusal.invalid(path(name) + " must be true or false.");
    }
    return flag.booleanValue();
  }

  private boolean isAbsent(String name) {
    JsonNode member = member(name);
    return member == null || member.isNull();
  }

  private @Nullable JsonNode member(String name) {
    return node.get(name);
  }

  private ArrayNode array(String name) {
    if (member(name) instanceof ArrayNode array) {
      return array;
    }
    throw Refusal.invalid(path(name) + " must be an array.");
  }

  private static Fields object(@Nullable JsonNode value, String path) {
    if (value instanceof ObjectNode object) {
      return new Fields(object, path);
    }
    throw Refusal.invalid(path + " must be an object.");
  }

  private static String text(@Nullable JsonNode value, String path) {
    if (value != null && value.isString()) {
      return value.stringValue();
    }
    throw Refusal.invalid(path + " must be a string.");
  }
}
