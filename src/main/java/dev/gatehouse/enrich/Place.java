package dev.gatehouse.enrich;

import dev.gatehouse.protocol.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The targets of a route as a tree of member names, to be followed while a body is read.
sealed interface Place {

  /// An object on the way to targets.
  record Branch(Map<String, Place> members) implements Place {

    /// Names of the targets to be made where they are missing.
    Stream<String> created() {
      return members.entrySet().stream()
          .filter(entry -> entry.getValue() instanceof Leaf(boolean created) && created)
          .map(Map.Entry::getKey);
    }

    private void add(List<String> path, boolean created) {
      String name = path.getFirst();
      if (path.size() == 1) {
        if (members.putIfAbsent(name, new Leaf(created)) != null) {
          throw overlap();
        }
        return;
      }
      switch (members.computeIfAbsent(name, _ -> new Branch(new LinkedHashMap<>()))) {
        case Branch inner -> inner.add(path.subList(1, path.size()), created);
        case Leaf _ -> throw overlap();
      }
    }
  }

  /// A target.
  ///
  /// @param created whether it is made where it is missing
  record Leaf(boolean created) implements Place {}

  /// The tree of these targets.
  ///
  /// @throws IllegalArgumentException if a target is named twice or stands inside another
  static Branch of(List<Target> targets) {
    Branch root = new Branch(new LinkedHashMap<>());
    for (Target target : targets) {
      root.add(target.path(), target.created());
    }
    return root;
  }

  private static IllegalArgumentException overlap() {
    return new IllegalArgumentException("a context target equals or contains another one");
  }
}
