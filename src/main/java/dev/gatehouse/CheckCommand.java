package dev.gatehouse;

import dev.gatehouse.check.Check;
import dev.gatehouse.config.GatehouseConfig;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Validates a configuration and probes everything it names.
@Command(
    name = "check",
    description = "Validate a configuration and probe everything it names.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() {
    Optional<GatehouseConfig> config = option.read();
    if (config.isEmpty()) {
      return ExitCode.WRONG_USAGE.number();
    }
    boolean ready = Check.run(config.get(), System.out);
    return (ready ? ExitCode.FINE : ExitCode.CHECK_FAILED).number();
  }
}
