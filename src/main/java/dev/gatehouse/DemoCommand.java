package dev.gatehouse;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs gate, agent, identity provider and sample page in one process, on loopback.
@Command(
    name = "demo",
    description = "Run a gate with everything it needs embedded, on loopback only.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DemoCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Where the page is served; 0 picks a free port. Default: ${DEFAULT-VALUE}")
  private int port = 8080;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where conversations and files are kept. Without it they go with the process")
  private Optional<Path> data = Optional.empty();

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '--port': must be from 0 to " + MAX_PORT);
    }
    LogSetup.writeForAPerson();
    if (Boolean.getBoolean("gatehouse.exit-with-parent")) {
      exitWithParent();
    }
    try {
      Demo demo = Demo.start(port, data);
      Foreground.awaitSignal(
          demo, "Open " + demo.gate().uri() + " and sign in as a demo user. Ctrl-C stops.");
      return ExitCode.FINE.number();
    } catch (IOException e) {
      String advice = e.getCause() instanceof BindException ? "; try --port 0" : "";
      spec.commandLine().getErr().println("gatehouse: " + StartFailure.told(e) + advice);
      return ExitCode.NOT_STARTED.number();
    }
  }

  /// A build tool that started the demo may be stopped without telling it.
  private static void exitWithParent() {
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    parent.ifPresent(handle -> Thread.ofVirtual().start(() -> exitAfter(handle)));
  }

  private static void exitAfter(ProcessHandle parent) {
    parent.onExit().join();
    System.exit(ExitCode.FINE.number());
  }
}
