package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.testing.LeakRecord;
import dev.gatehouse.testing.LeakRecord.Kind;
import dev.gatehouse.testing.Leaks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Runs when all other tests are over, and reads what they wrote down: of all they sent in secret,
/// nothing may be in a log, a metric, a span, a problem or the output of a program.
final class LeakProofIT {
  private static final List<String> RUNS = List.of("unit", "packaged");
  private static final String LOG = "log.txt";
  private static final int FEWEST_SECRETS = 300;

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file)
        ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  /// Of all processes that took part in a run.
  private static List<String> lines(String run, String file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path folder : folders(run)) {
      lines.addAll(lines(folder.resolve(file)));
    }
    return lines;
  }

  private static List<Path> folders(String run) throws IOException {
    try (Stream<Path> folders = Files.list(LeakRecord.FOLDER)) {
      return folders.filter(path -> path.getFileName().toString().startsWith(run + "-")).toList();
    }
  }

  @Test
  void nothingThatWasSentInSecretCameOut() throws IOException {
    Leaks leaks = new Leaks(LeakRecord.CANARY);
    for (String run : RUNS) {
      lines(run, Kind.SECRET.file()).forEach(leaks::add);
    }
    List<String> found = new ArrayList<>();
    for (Path file : seen()) {
      for (String line : lines(file)) {
        leaks.in(line).ifPresent(leak -> found.add(leak + " in " + file + ": " + line));
      }
    }
    assertEquals(List.of(), found.stream().limit(20).toList(), found.size() + " leaks");
  }

  private static List<Path> seen() throws IOException {
    List<Path> seen = new ArrayList<>();
    for (String run : RUNS) {
      for (Path folder : folders(run)) {
        try (Stream<Path> files = Files.list(folder)) {
          files.filter(file -> !file.endsWith(Kind.SECRET.file())).forEach(seen::add);
        }
      }
    }
    return seen;
  }

  /// Else there would be nothing to find because nothing was looked at.
  @Test
  void whatWasSeenIsAllThere() throws IOException {
    assumeTrue(System.getProperty("test") == null, "only some tests ran");
    assertMany("unit", LOG, 500, "\"route\":\"" + PATH + "\"");
    assertMany("unit", Kind.METRICS.file(), 100, "gatehouse_requests_total{");
    assertMany("unit", Kind.PROBLEM.file(), 300, "\"code\":\"");
    assertMany("unit", Kind.SPANS.file(), 10, "http.route");
    assertMany("packaged", Kind.OUTPUT.file(), 100, "\"route\":\"" + PATH + "\"");
    assertMany("packaged", Kind.METRICS.file(), 2, "gatehouse_requests_total{");
    assertMany("packaged", Kind.PROBLEM.file(), 300, "\"code\":\"");
    for (String run : RUNS) {
      List<String> secrets = lines(run, Kind.SECRET.file());
      assertTrue(secrets.size() > FEWEST_SECRETS, () -> secrets.size() + " secrets in " + run);
    }
  }

  private static void assertMany(String run, String file, int fewest, String marker)
      throws IOException {
    long marked = lines(run, file).stream().filter(line -> line.contains(marker)).count();
    assertTrue(
        marked >= fewest,
        () -> "only " + marked + " lines with " + marker + ": " + run + "/" + file);
  }
}
