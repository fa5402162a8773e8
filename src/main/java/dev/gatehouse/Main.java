package dev.gatehouse;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line.
@Command(
    name = "gatehouse",
    description = "The backend-for-frontend for AI chat.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      CheckCommand.class,
      CookieCommand.class,
      AgentCommand.class
    })
public final class Main implements Runnable {
  /// Not an option, not a file of arguments, nothing that a locale may fail to name.
  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./-]*");

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /// Runs a command and exits with its code.
  public static void main(String[] args) throws Exception {
    int code =
        isPlainServe(args)
            ? ServeCommand.serve(
                Path.of(args[2]), new PrintWriter(System.err, true, System.err.charset()))
            : new CommandLine(new Main()).execute(args);
    if (code != ExitCode.FINE.number()) {
      LogWriter.finish(); // it may say why
    }
    System.exit(code);
  }

  /// What a supervisor writes needs no command line library, whose annotations are a third of the
  /// work until the gate listens.
  private static boolean isPlainServe(String[] args) {
    return args.length == 3
        && args[0].equals("serve")
        && args[1].equals("--config")
        && PLAIN_PATH.matcher(args[2]).matches();
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Which command? serve, demo, check, cookie or agent");
  }

  /// The version the jar was built as.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"gatehouse " + Optional.ofNullable(version).orElse("development")};
    }
  }
}
