package dev.gatehouse.enrich;

import dev.gatehouse.protocol.Target;
import dev.gatehouse.protocol.Target.Content;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The targets of a route as a tree of member names, to be followed while a body is read.
sealed interface Place {

  /// Whether it is made in a parent that lacks it.
  boolean isMadeIn(ObjectSpan parent);

  /// Whether it is worth knowing where a member of that name stands in it.
  boolean matters(String name);

  /// The place that a member of that name is, if it is one.
  Optional<Place> inside(String name);

  /// An object on the way to targets.
  ///
  /// @param made whether it is made where it is missing
  record Branch(Map<String, Place> members, boolean made) implements Place {
    @Override
    public boolean isMadeIn(ObjectSpan parent) {
      return made;
    }

    /// What an object in this place lacks and gets, in order.
    Map<String, Place> missingIn(ObjectSpan object) {
      Map<String, Place> missing = new LinkedHashMap<>();
      members.forEach((name, place) -> {
        if (object.member(name).isEmpty() && place.isMadeIn(object)) {
          missing.put(name, place);
        }
      });
      return missing;
    }

    @Override
    public boolean matters(String name) {
      return members.containsKey(name) || looksFor(name);
    }

    @Override
    public Optional<Place> inside(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /// Whether something hangs on a member of that name being there.
    private boolean looksFor(String name) {
      return members.values().stream()
          .anyMatch(place -> place instanceof Leaf leaf && leaf.beside().equals(Optional.of(name)));
    }

    private void add(Target target, List<String> path) {
      if (path.isEmpty()) {
        throw overlap();
      }
      String name = path.getFirst();
      if (path.size() == 1) {
        if (members.putIfAbsent(name, Leaf.of(target)) != null) {
          throw overlap();
        }
        return;
      }
      boolean madeToo = path.size() <= target.made();
      if (members.computeIfAbsent(name, _ -> new Branch(new LinkedHashMap<>(), madeToo))
          instanceof Branch inner) {
        inner.add(target, path.subList(1, path.size()));
      } else {
        throw overlap();
      }
    }
  }

  /// A target.
  ///
  /// @param made whether it is made where it is missing
  /// @param beside the member its parent must have for that, if any
  record Leaf(Content content, boolean made, Optional<String> beside) implements Place {
    private static Leaf of(Target target) {
      return new Leaf(target.content(), target.made() > 0, target.beside());
    }

    @Override
    public boolean isMadeIn(ObjectSpan parent) {
      return made && beside.stream().allMatch(name -> parent.member(name).isPresent());
    }

    @Override
    public boolean matters(String name) {
      return content instanceof Content.Members members && members.names().contains(name);
    }

    @Override
    public Optional<Place> inside(String name) {
      return Optional.empty();
    }
  }

  /// The tree of these targets.
  ///
  /// @throws IllegalArgumentException if a target is named twice or stands inside another
  static Place of(List<Target> targets) {
    if (targets.size() == 1 && targets.getFirst().path().isEmpty()) {
      return Leaf.of(targets.getFirst());
    }
    Branch root = new Branch(new LinkedHashMap<>(), false);
    for (Target target : targets) {
      root.add(target, target.path());
    }
    return root;
  }

  private static IllegalArgumentException overlap() {
    return new IllegalArgumentException("a context target equals or contains another one");
  }
}
