package dev.gatehouse.config;

import java.util.List;
import java.util.Map;

/// What stands behind a key, free of YAML.
sealed interface Value {

  /// A scalar.
  ///
  /// @param substituted whether a part came from the environment, so that it must not be printed
  record Text(String text, boolean substituted) implements Value {}

  /// A list.
  record Items(List<Value> values) implements Value {}

  /// A mapping, in the file's order.
  record Members(Map<String, Value> values) implements Value {}

  /// Something already reported, to be passed over.
  enum Broken implements Value {
    REPORTED
  }
}
