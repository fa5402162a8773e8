package dev.gatehouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// What a whole run of tests sent in secret, and what it saw where no secret may be: written down
/// under `target/leak-record`, in a folder for each process that runs tests, for the leak proof to
/// read. The log is there too, by `logback-test.xml`.
public final class LeakRecord {
  /// A word that the fixtures put into all they send, and that may come out nowhere.
  public static final String CANARY = "kanarienvogel";

  /// Where all of it is.
  public static final Path FOLDER = Path.of("target", "leak-record");

  private static final String RUN = System.getProperty("gatehouse.record", "unasked");
  private static final Path OWN = fresh(FOLDER.resolve(RUN));

  private LeakRecord() {}

  /// What is written down, each kind in a file.
  public enum Kind {
    /// What must not come out.
    SECRET,
    /// What the packaged programs print.
    OUTPUT,
    /// What is measured.
    METRICS,
    /// What a collector of traces is sent.
    SPANS,
    /// Problems as they are answered.
    PROBLEM;

    /// The name of its file.
    public String file() {
      return name().toLowerCase(Locale.ROOT) + ".txt";
    }
  }

  /// Nothing of an earlier run stays.
  private static Path fresh(Path folder) {
    try {
      Files.createDirectories(folder);
      for (Kind kind : Kind.values()) {
        Files.deleteIfExists(folder.resolve(kind.file()));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a text down.
  public static void keep(Kind kind, String text) {
    try {
      Files.writeString(
          OWN.resolve(kind.file()),
          text + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a token down and hands it on.
  static String secret(String token) {
    keep(Kind.SECRET, token);
    return token;
  }

  /// Writes an answer down if it is a problem.
  static void answered(Reply reply) {
    if (reply.headers("Content-Type").contains("application/problem+json")) {
      keep(Kind.PROBLEM, reply.text());
    }
  }

  /// Writes down what came over a wire if there is a problem in it.
  static void came(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int problem = text.indexOf("\"type\":\"https://gatehouse.dev/problems/");
    if (problem >= 0) {
      keep(Kind.PROBLEM, text.substring(problem));
    }
  }
}
