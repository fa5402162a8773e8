package dev.gatehouse;

import dev.gatehouse.check.Check;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Validates a configuration and probes everything it names.
@Command(
    name = "check",
    description = "Validate a configuration and probe everything it names.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "config/gatehouse.yaml",
      description = "The configuration. Default: ${DEFAULT-VALUE}")
  private Path file = Path.of("config/gatehouse.yaml");

  @Override
  public Integer call() {
    try {
      boolean ready = Check.run(ConfigFile.read(file, System.getenv()), System.out);
      return (ready ? ExitCode.FINE : ExitCode.CHECK_FAILED).number();
    } catch (ConfigException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.WRONG_USAGE.number();
    }
  }
}
