package dev.gatehouse.agent.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory: a file for the content of each attachment, one beside it that says whose it is,
/// and a place for what is still arriving. Names are ids, never what a browser says.
///
/// The owner is kept here because a signed address does not name one, and has nothing to ask the
/// store with.
final class Cabinet {
  /// What `Ids.attachment` makes.
  private static final Pattern ID = Pattern.compile("atc_[0-9a-f]{32}");

  private static final String OWNER = ".owner";

  private final Path directory;
  private final Path arriving;

  private Cabinet(Path directory, Path arriving) {
    this.directory = directory;
    this.arriving = arriving;
  }

  static Cabinet in(Path directory) throws IOException {
    Path arriving = directory.resolve("arriving");
    Files.createDirectories(
        arriving,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new Cabinet(directory, arriving);
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  Path directory() {
    return directory;
  }

  /// Where unfinished files are; they are swept from there if they stay.
  Path arriving() {
    return arriving;
  }

  /// A path for a new file on its way in.
  Path newcomer() {
    return arriving.resolve(UUID.randomUUID().toString());
  }

  Path content(String id) {
    return file(id, "");
  }

  void own(String id, String owner) throws IOException {
    Files.write(
        file(id, OWNER), owner.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
  }

  Optional<String> owner(String id) throws IOException {
    Path file = file(id, OWNER);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  boolean has(String id) {
    return isId(id) && Files.exists(content(id));
  }

  /// Takes in a whole file, at once and only once.
  ///
  /// @param file one that arrived; a name of it stays where it was
  /// @throws FileAlreadyExistsException if there is content already
  void keep(Path file, String id) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    // Unlike a rename, a link never replaces what is there.
    Files.createLink(content(id), file);
  }

  void delete(String id) throws IOException {
    Files.deleteIfExists(content(id));
    Files.deleteIfExists(file(id, OWNER));
  }

  /// The ids of all that is here, with content or without.
  List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        String id = name.endsWith(OWNER) ? name.substring(0, name.length() - OWNER.length()) : name;
        if (isId(id)) {
          ids.add(id);
        }
      }
    }
    return ids;
  }

  private Path file(String id, String suffix) {
    if (!isId(id)) {
      throw new IllegalArgumentException("no id of an attachment");
    }
    return directory.resolve(id + suffix);
  }
}
