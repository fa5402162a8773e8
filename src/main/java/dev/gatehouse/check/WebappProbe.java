package dev.gatehouse.check;

import java.nio.file.Files;
import java.nio.file.Path;

/// Whether there is a page to serve.
record WebappProbe(Path folder) {

  Finding run() {
    String place = "webapp: " + folder;
    if (!Files.isDirectory(folder)) {
      return Finding.failed(
          place + " is no folder",
          "create it, start from the directory it is relative to, or remove the key webapp");
    }
    return Files.isReadable(folder.resolve("index.html"))
        ? Finding.passed(place)
        : Finding.failed(place + " has no readable index.html", "add one");
  }
}
