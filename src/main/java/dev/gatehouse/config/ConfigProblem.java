package dev.gatehouse.config;

/// One thing wrong in a configuration file.
///
/// @param file as the operator named it
/// @param line counted from 1; 0 where no line is to blame
/// @param key dotted, such as `routes[0].timeouts.idle`; empty for the whole file
/// @param cure what would be right, without quoting secrets or substituted values
public record ConfigProblem(String file, int line, String key, String cure) {

  /// `config/gatehouse.yaml:12: routes[0].protocol: unknown value …`.
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line : file;
    return key.isEmpty() ? place + ": " + cure : place + ": " + key + ": " + cure;
  }
}
