package dev.gatehouse;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Optional;

/// Says to whoever starts the program why it did not start.
final class StartFailure {
  private StartFailure() {}

  /// Of a file not only which: many failures have no more than that in their message.
  static String told(IOException failure) {
    return failure instanceof FileSystemException about
        ? about.getFile() + " cannot be used (" + reason(about) + ")"
        : String.valueOf(failure.getMessage());
  }

  /// In the words of the operating system, or those in the name of the failure.
  private static String reason(FileSystemException failure) {
    String name = failure.getClass().getSimpleName().replace("Exception", "");
    return Optional.ofNullable(failure.getReason())
        .orElse(name.replaceAll("(?<=.)([A-Z])", " $1").toLowerCase(Locale.ROOT));
  }
}
