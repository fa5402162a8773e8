package dev.gatehouse.agent.chat;

import java.time.Instant;

/// A file that belongs to one person and, once it was sent, to one thread, with which it goes.
///
/// @param owner the owner's `sub`
/// @param name as the browser gave it: for people, never a path
/// @param size in bytes
/// @param mimeType as the browser gave it
public record Attachment(
    String id, String owner, String name, String mimeType, long size, Instant createdAt) {

  /// Whether ChatKit shows a preview of it.
  public boolean isImage() {
    return mimeType.startsWith("image/");
  }
}
