package dev.gatehouse.upstream;

/// Tells a connection that this process could not open from one the other side did not take.
final class Descriptors {
  private Descriptors() {}

  /// Whether a failure means that the process, or the whole machine, has no file descriptor left.
  /// Java has no type for it: EMFILE and ENFILE are known by their text, which is the system's.
  static boolean ranOut(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && message.contains("Too many open files")) {
        return true;
      }
    }
    return false;
  }
}
