package dev.gatehouse;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.GatehouseConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The `--config` of the commands that have one.
final class ConfigOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "config/gatehouse.yaml",
      description = "The configuration. Default: ${DEFAULT-VALUE}")
  private Path file = Path.of("config/gatehouse.yaml");

  /// The configuration; if it can not be used, that has been said on standard error.
  Optional<GatehouseConfig> read() {
    return read(file, spec.commandLine().getErr()::println);
  }

  /// The configuration in a file.
  ///
  /// @param problems is told why it can not be used
  static Optional<GatehouseConfig> read(Path file, Consumer<String> problems) {
    try {
      return Optional.of(ConfigFile.read(file, System.getenv()));
    } catch (ConfigException e) {
      problems.accept(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// The file that was named, or the one that stands for none.
  Path file() {
    return file;
  }
}
