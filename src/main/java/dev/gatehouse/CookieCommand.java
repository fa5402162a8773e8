package dev.gatehouse;

import dev.gatehouse.auth.CookieSeal;
import dev.gatehouse.config.CookieConfig;
import dev.gatehouse.config.EncryptionConfig;
import dev.gatehouse.config.GatehouseConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Seals and opens cookie values, to try out `cookie.encryption`. Tokens come in on standard input
/// only: a command line is for all to see.
@Command(
    name = "cookie",
    description = "Seal a token into a cookie value, or open one.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CookieCommand implements Runnable {
  private static final int MAX_BYTES = 16 * 1024;
  private static final int MAX_COOKIE = 4096;

  @Spec private CommandSpec spec = CommandSpec.create();
  private final InputStream in;

  CookieCommand() {
    this(System.in);
  }

  CookieCommand(InputStream in) {
    this.in = in;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? cookie seal or cookie unseal");
  }

  @Command(
      name = "seal",
      description = "Read a token from standard input and print the cookie value that holds it.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  int seal(@Mixin ConfigOption option) throws IOException {
    return answer(option, CookieSeal::seal, "that is no token, or one too long for a cookie");
  }

  @Command(
      name = "unseal",
      description = "Read a cookie value from standard input and print the token in it.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class)
  int unseal(@Mixin ConfigOption option) throws IOException {
    return answer(option, CookieSeal::open, "that was not sealed with any of the keys");
  }

  private int answer(
      ConfigOption option, BiFunction<CookieSeal, String, Optional<String>> what, String otherwise)
      throws IOException {
    Optional<GatehouseConfig> config = option.read();
    if (config.isEmpty()) {
      return ExitCode.WRONG_USAGE.number();
    }
    CookieConfig cookie = config.get().cookie();
    Optional<EncryptionConfig> encryption = cookie.encryption();
    if (encryption.isEmpty()) {
      return failed("the configuration has no cookie.encryption", ExitCode.WRONG_USAGE);
    }
    String input = new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1).strip();
    Optional<String> answer =
        what.apply(CookieSeal.of(encryption.get(), InstantSource.system()), input)
            .filter(text -> cookie.name().length() + text.length() <= MAX_COOKIE);
    if (answer.isEmpty()) {
      return failed(otherwise, ExitCode.CHECK_FAILED);
    }
    spec.commandLine().getOut().println(answer.get());
    return ExitCode.FINE.number();
  }

  private int failed(String why, ExitCode code) {
    spec.commandLine().getErr().println("gatehouse: " + why);
    return code.number();
  }
}
