package dev.gatehouse;

import dev.gatehouse.check.Check;
import dev.gatehouse.config.GatehouseConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    // The marks are not ASCII, and what the locale says of the terminal is often wrong.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    boolean ready = Check.run(config.get(), out);
    return (ready ? ExitCode.FINE : ExitCode.CHECK_FAILED).number();
  }
}
