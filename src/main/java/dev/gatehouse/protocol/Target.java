package dev.gatehouse.protocol;

import java.util.ArrayList;
import java.util.List;

/// An object in a request body that context is written into.
///
/// @param path the member names from the root, never empty; missing parents are never created
/// @param created whether the object itself is created where it is missing
public record Target(List<String> path, boolean created) {

  public Target {
    path = List.copyOf(path);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("the root itself is not a target");
    }
  }

  /// A target from a JSON Pointer (RFC 6901) such as `/metadata`.
  ///
  /// @throws IllegalArgumentException if it does not start with `/`
  public static Target parse(String pointer, boolean created) {
    if (!pointer.startsWith("/")) {
      throw new IllegalArgumentException("a JSON Pointer starts with /");
    }
    List<String> path = new ArrayList<>();
    for (String segment : pointer.substring(1).split("/", -1)) {
      path.add(segment.replace("~1", "/").replace("~0", "~"));
    }
    return new Target(path, created);
  }
}
