package dev.gatehouse.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the packaged program is found, as its first line says.
public record Ready(URI gate, URI admin) {
  private static final Pattern LINE =
      Pattern.compile("gatehouse ready on (http://\\S+) \\(admin (http://\\S+)\\)");

  /// Once that line is there.
  public static Ready of(Program program) throws InterruptedException {
    Matcher line = LINE.matcher(program.nextLine());
    assertTrue(line.matches(), () -> program.out().toString());
    return new Ready(URI.create(line.group(1)), URI.create(line.group(2)));
  }

  /// Once it takes requests, for which it needs the keys of its issuer.
  public static Ready withKeys(Program program) throws InterruptedException {
    Ready ready = of(program);
    while (ready.readiness() != 200) {
      assertTrue(program.isRunning());
    }
    return ready;
  }

  /// The status by which an operator's probe goes.
  public int readiness() {
    return Browser.at(admin).get("/readyz").status();
  }
}
