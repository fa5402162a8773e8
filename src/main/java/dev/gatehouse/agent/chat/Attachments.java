package dev.gatehouse.agent.chat;

import java.util.List;
import java.util.Optional;

/// Where it is noted which files there are. Whose they are is part of every question.
///
/// All methods throw [StoreFailure] if the store cannot be reached.
public interface Attachments {

  void save(Attachment attachment);

  /// The attachment with this id, unless it is somebody else's.
  Optional<Attachment> find(String owner, String id);

  /// Forgets an attachment.
  ///
  /// @return whether there was one
  boolean delete(String owner, String id);

  /// What an owner has that is part of no thread.
  Unsent unsent(String owner);

  /// All that are noted, whoever owns them; what is on disk and not among them is rubbish.
  List<String> ids();

  /// Files that were not sent yet, whether they have arrived or not.
  ///
  /// @param bytes of all of them
  record Unsent(int files, long bytes) {}
}
