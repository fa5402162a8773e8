package dev.gatehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files stay small enough to be read in one go.
final class SourceSizeTest {
  private static final int MOST = 300;
  private static final Path SOURCES = Path.of("src/main/java");

  @Test
  void noSourceFileHasMoreThan300CodeLines() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertTrue(sources.size() > 50, "the sources are not where they should be");
      assertEquals(
          List.of(), sources.stream().filter(file -> codeLines(lines(file)) > MOST).toList());
    }
  }

  @Test
  void blankLinesAndCommentsAreNoCode() {
    assertEquals(
        2,
        codeLines(
            Stream.of(
                "/// Doc.",
                "class A {",
                "",
                "  // why",
                "  /*",
                "   * block",
                "   */",
                "} // end")));
  }

  private static long codeLines(Stream<String> lines) {
    return lines
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .filter(line -> !line.startsWith("//") && !line.startsWith("/*") && !line.startsWith("*"))
        .count();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
