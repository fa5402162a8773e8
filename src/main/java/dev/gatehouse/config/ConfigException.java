package dev.gatehouse.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used, with everything wrong in it. The message is one line per
/// problem, meant to be printed as it is; there is no stack trace worth showing.
public final class ConfigException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  ConfigException(List<ConfigProblem> problems) {
    super(null, null, false, false);
    this.problems = List.copyOf(problems);
  }

  /// All that is wrong, in the order of the file.
  public List<ConfigProblem> problems() {
    return problems;
  }

  @Override
  public String getMessage() {
    return problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n"));
  }
}
