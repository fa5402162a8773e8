package dev.gatehouse.agent.files;

import dev.gatehouse.agent.chat.Attachments.Unsent;
import dev.gatehouse.agent.chat.Uploads.UnwelcomeFile;

/// How many files one person may have that are part of no conversation, and how large they may be
/// in all. ChatKit's client sends ten with a message.
///
/// @param bytes announced, whether they have arrived or not
record Allowance(int files, long bytes) {
  private static final int FILES = 50;
  private static final long BYTES = 200L * 1024 * 1024;

  /// @param mostBytes of one file, which is never too large alone
  static Allowance of(long mostBytes) {
    return new Allowance(FILES, Math.max(BYTES, mostBytes));
  }

  /// @throws UnwelcomeFile if it is more than that
  void check(Unsent unsent) {
    if (unsent.files() > files || unsent.bytes() > bytes) {
      throw usedUp();
    }
  }

  /// How many bytes one more file may have.
  ///
  /// @throws UnwelcomeFile if there is no room for any
  long left(Unsent unsent) {
    if (unsent.files() >= files || unsent.bytes() >= bytes) {
      throw usedUp();
    }
    return bytes - unsent.bytes();
  }

  static UnwelcomeFile usedUp() {
    return new UnwelcomeFile(
        "Too many files were uploaded and not sent: send some of them, or remove them.");
  }
}
