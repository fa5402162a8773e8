package dev.gatehouse;

import dev.gatehouse.check.Check;
import dev.gatehouse.config.GatehouseConfig;
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
    boolean ready = Check.run(config.get(), out());
    return (ready ? ExitCode.FINE : ExitCode.CHECK_FAILED).number();
  }

  /// The marks must survive a locale that knows ASCII only, as most containers have.
  private static PrintStream out() {
    return System.out.charset().newEncoder().canEncode('✓')
        ? System.out
        : new PrintStream(System.out, true, StandardCharsets.UTF_8);
  }
}
