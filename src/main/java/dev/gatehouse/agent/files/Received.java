package dev.gatehouse.agent.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A whole file that arrived and is nobody's yet; closing takes it away.
///
/// @param size in bytes
/// @param name as the browser gave it, empty if it gave none
/// @param mimeType likewise
record Received(Path file, long size, String name, String mimeType) implements AutoCloseable {

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
