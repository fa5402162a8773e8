package dev.gatehouse;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.http.UnusableIdentityException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Runs the gate in front of the upstreams that a configuration names.
@Command(
    name = "serve",
    description = "Run the gate.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() throws Exception {
    return serve(option.file(), spec.commandLine().getErr());
  }

  /// Runs it until a signal comes.
  ///
  /// @param err told why it can not run
  /// @return the exit code
  static int serve(Path file, PrintWriter err) throws Exception {
    HeadStart.begin();
    Optional<GatehouseConfig> config = ConfigOption.read(file, err::println);
    if (config.isEmpty()) {
      return ExitCode.WRONG_USAGE.number();
    }
    try {
      Gatehouse gate = Gatehouse.start(config.get(), List.of());
      Hangup.on(() -> ConfigOption.read(file, gate::refused).ifPresent(gate::reload));
      Foreground.awaitSignal(gate);
      return ExitCode.FINE.number();
    } catch (UnusableIdentityException e) {
      err.println("gatehouse: " + e.getMessage());
      return ExitCode.WRONG_USAGE.number();
    } catch (IOException e) {
      err.println("gatehouse: " + e.getMessage());
      return ExitCode.NOT_STARTED.number();
    }
  }
}
