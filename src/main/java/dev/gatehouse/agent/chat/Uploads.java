package dev.gatehouse.agent.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.URI;

/// The files behind attachments.
public interface Uploads {

  /// Notes a file that is to be uploaded.
  ///
  /// @param size in bytes, as announced
  /// @throws UnwelcomeFile if it is too large or not of an accepted type, or its owner has too many
  ///   that were not sent
  Attachment expect(Person owner, String name, long size, String mimeType);

  /// Where the content of an attachment is to be put: an address that is good for a while, for
  /// whoever has it.
  URI destination(Attachment attachment);

  /// Where the content can be seen: likewise.
  URI preview(Attachment attachment);

  /// Whether the content has arrived.
  boolean isThere(Attachment attachment);

  /// Reads the content from its beginning.
  ///
  /// @throws IOException if the content has not arrived, or cannot be read
  InputStream open(Attachment attachment) throws IOException;

  /// Deletes an attachment and its content.
  ///
  /// @return whether there was such an attachment of this person
  boolean delete(Person owner, String attachmentId);

  /// Deletes the content of an attachment that is noted no more; if that fails, it is done later.
  void discard(String attachmentId);

  /// A file is not accepted; the message says why, for people.
  final class UnwelcomeFile extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    public UnwelcomeFile(String message) {
      super(message, null, false, false);
    }
  }
}
