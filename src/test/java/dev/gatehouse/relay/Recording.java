package dev.gatehouse.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One exchange of a protocol as it is on the wire; how it is written is told in the folder.
///
/// @param sections by their names
record Recording(String name, Map<String, Section> sections) {
  private static final Path FOLDER = Path.of("src", "test", "resources", "protocol");

  /// A part of it.
  ///
  /// @param line what it begins with: a request line, a status or a word
  record Section(String line, List<String> headers, String body) {
    private static Section parse(String text) {
      String bare = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      int end = bare.indexOf("\n\n");
      List<String> head = (end < 0 ? bare : bare.substring(0, end)).lines().toList();
      return new Section(
          head.getFirst(), head.subList(1, head.size()), end < 0 ? "" : bare.substring(end + 2));
    }

    String method() {
      return line.substring(0, line.indexOf(' '));
    }

    String path() {
      return line.substring(line.indexOf(' ') + 1).replaceAll("^/(?=\\?|$)", "");
    }
  }

  static List<Recording> of(String protocol) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(protocol))) {
      return files.sorted().map(Recording::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording read(Path file) {
    try {
      Map<String, Section> sections = new LinkedHashMap<>();
      for (String part :
          ("\n" + Files.readString(file).replaceFirst("\n\\z", "")).split("\n>>> ", -1)) {
        if (!part.isBlank()) {
          int end = part.indexOf('\n');
          sections.put(part.substring(0, end), Section.parse(part.substring(end + 1) + "\n"));
        }
      }
      return new Recording(file.getFileName().toString(), sections);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Section request() {
    return section("request");
  }

  Section upstream() {
    return section("upstream");
  }

  Section answer() {
    return section("answer");
  }

  Section failure() {
    return section("failure");
  }

  /// Whether an event marks the end of the answer; empty if it is no stream.
  Optional<Boolean> endIsMarked() {
    return Optional.ofNullable(sections.get("end")).map(end -> end.line().equals("marked"));
  }

  /// The answer's body without its last event.
  String withoutLastEvent() {
    String body = answer().body();
    return body.substring(0, body.lastIndexOf("\n\n", body.length() - 3) + 2);
  }

  private Section section(String title) {
    return Optional.ofNullable(sections.get(title))
        .orElseThrow(() -> new AssertionError(name + " has no section " + title));
  }
}
