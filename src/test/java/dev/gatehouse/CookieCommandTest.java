package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CookieCommandTest {
  private static final String KEY = "A".repeat(43);

  @TempDir private Path folder;

  private record Outcome(int code, String out, String err) {}

  @Test
  void whatIsSealedCanBeUnsealed() throws Exception {
    String file = config("cookie: {encryption: {keys: [{key: " + KEY + "}]}}");
    Outcome sealed = run("header.claims.signature\n", "seal", file);
    assertEquals(0, sealed.code(), sealed.err());
    assertTrue(sealed.out().matches("[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_.-]+\\R"), sealed.out());
    assertEquals("header.claims.signature\n", run(sealed.out(), "unseal", file).out());
  }

  @Test
  void whatCannotBeDoneIsSaidWithoutRepeatingIt() throws Exception {
    String file = config("cookie: {encryption: {keys: [{key: " + KEY + "}]}}");
    for (String command : new String[] {"seal", "unseal"}) {
      Outcome outcome = run("canary canary", command, file);
      assertEquals(1, outcome.code());
      assertEquals("", outcome.out());
      assertTrue(outcome.err().startsWith("gatehouse: that "), outcome.err());
      assertFalse(outcome.err().contains("canary"), outcome.err());
    }
  }

  @Test
  void valueTooLongForACookieIsNotPrinted() throws Exception {
    String file = config("cookie: {encryption: {keys: [{id: k, key: " + KEY + "}]}}");
    assertEquals(0, run("t".repeat(2_900), "seal", file).code());
    assertEquals(1, run("t".repeat(3_000), "seal", file).code());
  }

  @Test
  void withoutEncryptionThereIsNothingToSealWith() throws Exception {
    Outcome outcome = run("token", "seal", config("cookie: {name: a}"));
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("has no cookie.encryption"), outcome.err());
  }

  @Test
  void configurationThatIsNoneIsExplained() throws Exception {
    Outcome outcome = run("token", "seal", config("cookie: {nam: a}"));
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("cookie.nam: unknown key"), outcome.err());
  }

  private String config(String cookie) throws Exception {
    return Files.writeString(
            folder.resolve("gate.yaml"),
            cookie
                + "\nauth: {issuer: 'https://id.example.com', audience: [a]}\n"
                + "routes: [{path: /a, upstream: 'http://h'}]\n")
        .toString();
  }

  private static Outcome run(String input, String command, String file) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(
                new CookieCommand(
                    new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII))))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(command, "--config", file);
    return new Outcome(code, out.toString(), err.toString());
  }
}
