package dev.gatehouse.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was found wrong in one file so far, and where each key of it stands.
final class Problems {
  private final String file;
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<ConfigProblem> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  /// Remembers where a key stands; the first place counts.
  void locate(String key, int line) {
    lines.putIfAbsent(key, line);
  }

  /// Blames a key, at its own line or at that of the nearest section around it.
  void add(String key, String cure) {
    add(line(key), key, cure);
  }

  void add(int line, String key, String cure) {
    found.add(new ConfigProblem(file, line, key, cure));
  }

  /// @throws ConfigException if anything was found
  void raise() throws ConfigException {
    if (!found.isEmpty()) {
      throw exception();
    }
  }

  ConfigException exception() {
    return new ConfigException(
        found.stream().distinct().sorted(Comparator.comparingInt(ConfigProblem::line)).toList());
  }

  private int line(String key) {
    String place = key;
    while (!place.isEmpty() && !lines.containsKey(place)) {
      place =
          place.substring(0, Math.max(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('['))));
    }
    return lines.getOrDefault(place, 1);
  }
}
