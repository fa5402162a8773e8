package dev.gatehouse.agent;

import java.util.List;
import java.util.Optional;

/// Where conversations are kept. Items keep the order in which they were appended.
interface Threads {

  /// Adds a thread, or replaces the one with its id.
  void save(ChatThread thread);

  /// The thread with this id, unless it is somebody else's.
  Optional<ChatThread> find(String owner, String id);

  /// One person's threads, by age.
  Page<ChatThread> list(String owner, PageRequest request);

  void append(ChatThread thread, Item item);

  /// Forgets what followed a person's message.
  ///
  /// @return the message, or nothing, and nothing forgotten, if the id is not that of one
  Optional<Item.UserMessage> rewind(ChatThread thread, String itemId);

  /// What clients may see of a thread; a page is never short because of hidden items.
  Page<Item.Visible> items(ChatThread thread, PageRequest request);

  /// Everything, hidden items too, oldest first.
  List<Item> history(ChatThread thread);
}
