package dev.gatehouse.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// A mapping of the file while it is turned into a record. Nothing here throws: what cannot be used
/// is reported and taken as absent, so that reading goes on and finds the rest.
final class Section {
  private final String key;
  private final Map<String, Value> values;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  Section(String key, Map<String, Value> values, Problems problems) {
    this.key = key;
    this.values = values;
    this.problems = problems;
  }

  /// The record made of what was read, or the stand-in where the record refuses it. To be called
  /// last: whatever was not asked for until then is an unknown key.
  <T> T build(T standIn, Supplier<T> construction) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        problems.add(key(name), "unknown key, " + Spelling.advice(name, known));
      }
    }
    try {
      return construction.get();
    } catch (InvalidSettingException e) {
      e.faults().forEach(fault -> problems.add(key(fault.key()), fault.cure()));
      return standIn;
    }
  }

  /// Whether any of these keys is there, whatever it holds.
  boolean hasAny(String... names) {
    known.addAll(List.of(names));
    return List.of(names).stream().anyMatch(values::containsKey);
  }

  /// Reports those of these keys that are there, although they mean nothing here.
  void refuse(String why, Collection<String> names) {
    for (String name : names) {
      if (values.containsKey(name)) {
        known.add(name);
        problems.add(key(name), why);
      }
    }
  }

  /// The section below that key; empty if it is not there.
  Section section(String name) {
    return sectionIfAny(name).orElseGet(() -> new Section(key(name), Map.of(), problems));
  }

  Optional<Section> sectionIfAny(String name) {
    return find(name).flatMap(value -> section(value, key(name)));
  }

  /// The mappings of the list below that key, of which there must be at least one.
  List<Section> requiredSections(String name) {
    requirePresence(name);
    Optional<List<Section>> sections = items(name, this::section);
    if (sections.filter(List::isEmpty).isPresent()) {
      problems.add(key(name), "must have at least one item");
    }
    return sections.orElse(List.of());
  }

  <T> Optional<T> value(String name, Function<String, T> parse) {
    return find(name).flatMap(value -> parsed(value, key(name), parse));
  }

  <T> T required(String name, T standIn, Function<String, T> parse) {
    requirePresence(name);
    return value(name, parse).orElse(standIn);
  }

  /// Reports a key that is not there at all.
  void requirePresence(String name) {
    if (!values.containsKey(name)) {
      problems.add(key, "needs the key " + name);
    }
  }

  /// One of several words.
  <T> Optional<T> choice(String name, Map<String, T> choices) {
    return find(name)
        .flatMap(value -> text(value, key(name)))
        .flatMap(text -> chosen(text, key(name), choices));
  }

  <T> Optional<List<T>> list(String name, Function<String, T> parse) {
    return items(name, (value, itemKey) -> parsed(value, itemKey, parse));
  }

  <T> Optional<Map<String, T>> map(String name, Function<String, T> parse) {
    return sectionIfAny(name).map(section -> section.parsedValues(parse));
  }

  private <T> Map<String, T> parsedValues(Function<String, T> parse) {
    Map<String, T> parsed = new LinkedHashMap<>();
    values.forEach((name, value) ->
        parsed(value, key(name), parse).ifPresent(result -> parsed.put(name, result)));
    return parsed;
  }

  private <T> Optional<List<T>> items(String name, Reading<T> reading) {
    return find(name)
        .flatMap(value ->
            value instanceof Value.Items items
                ? Optional.of(items(items, key(name), reading))
                : refused(value, key(name), "must be a list such as [a, b]"));
  }

  private static <T> List<T> items(Value.Items items, String listKey, Reading<T> reading) {
    List<T> read = new ArrayList<>();
    for (int i = 0; i < items.values().size(); i++) {
      reading.read(items.values().get(i), listKey + "[" + i + "]").ifPresent(read::add);
    }
    return read;
  }

  private Optional<Section> section(Value value, String sectionKey) {
    return value instanceof Value.Members members
        ? Optional.of(new Section(sectionKey, members.values(), problems))
        : refused(value, sectionKey, "must be a mapping of keys to values");
  }

  private <T> Optional<T> parsed(Value value, String valueKey, Function<String, T> parse) {
    return text(value, valueKey)
        .flatMap(text -> {
          try {
            return Optional.of(parse.apply(text.text()));
          } catch (InvalidSettingException e) {
            problems.add(valueKey, e.cure());
            return Optional.empty();
          }
        });
  }

  private <T> Optional<T> chosen(Value.Text text, String valueKey, Map<String, T> choices) {
    Optional<T> chosen = Optional.ofNullable(choices.get(text.text()));
    if (chosen.isEmpty()) {
      String unknown =
          text.substituted()
              ? "unknown value, use one of: " + String.join(", ", choices.keySet())
              : "unknown value '%s', %s"
                  .formatted(text.text(), Spelling.advice(text.text(), choices.keySet()));
      problems.add(valueKey, unknown);
    }
    return chosen;
  }

  private Optional<Value.Text> text(Value value, String valueKey) {
    return value instanceof Value.Text text
        ? Optional.of(text)
        : refused(value, valueKey, "must be a single value");
  }

  private <T> Optional<T> refused(Value value, String valueKey, String cure) {
    if (!(value instanceof Value.Broken)) {
      problems.add(valueKey, cure);
    }
    return Optional.empty();
  }

  private Optional<Value> find(String name) {
    known.add(name);
    return Optional.ofNullable(values.get(name));
  }

  private String key(String name) {
    if (key.isEmpty() || name.isEmpty()) {
      return key + name;
    }
    return key + "." + name;
  }

  /// Makes something of an item, or reports why not.
  private interface Reading<T> {
    Optional<T> read(Value value, String itemKey);
  }
}
