package dev.gatehouse;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.GatehouseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs the gate in front of the upstreams that a configuration names.
@Command(
    name = "serve",
    description = "Run the gate.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "config/gatehouse.yaml",
      description = "The configuration. Default: ${DEFAULT-VALUE}")
  private Path file = Path.of("config/gatehouse.yaml");

  @Override
  public Integer call() throws Exception {
    GatehouseConfig config;
    try {
      config = ConfigFile.read(file, System.getenv());
    } catch (ConfigException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.WRONG_USAGE.number();
    }
    try {
      Gatehouse gate = Gatehouse.start(config, List.of());
      System.out.println("gatehouse ready on " + gate.uri() + " (admin " + gate.adminUri() + ")");
      Foreground.awaitSignal(gate);
      return ExitCode.FINE.number();
    } catch (IOException e) {
      spec.commandLine().getErr().println("gatehouse: " + e.getMessage());
      return ExitCode.NOT_BOUND.number();
    }
  }
}
