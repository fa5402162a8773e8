package dev.gatehouse.agent.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where conversations are kept. Items keep the order in which they were appended. What a method
/// did before it returned outlives the process.
///
/// All methods throw [StoreFailure] if the store cannot be reached, and then did nothing.
public interface Threads {

  /// Adds a thread.
  ///
  /// @throws StoreFailure also if there is one with this id, whoever owns it
  void add(ChatThread thread);

  /// Adds a thread with its first item, or neither.
  ///
  /// @throws StoreFailure also if there is one with this id, whoever owns it
  /// @throws UnknownAttachment as with [#append]
  void add(ChatThread thread, Item first);

  /// Gives a thread another title, and leaves the rest of it alone; does nothing if it was deleted
  /// meanwhile.
  void rename(ChatThread thread, String title);

  /// Gives a thread another status, likewise.
  void setStatus(ChatThread thread, ThreadStatus status);

  /// The thread with this id, unless it is somebody else's.
  Optional<ChatThread> find(String owner, String id);

  /// One person's threads, by age.
  ///
  /// @throws UnknownCursor if `after` is not an own thread
  Page<ChatThread> list(String owner, PageRequest request);

  /// Deletes a thread with everything in it: items, feedback and the notes on its attachments.
  ///
  /// @return the ids of the attachments that were sent in it, whose content is for nobody now
  List<String> delete(ChatThread thread);

  /// Adds an item at the end, or does nothing if the thread was deleted meanwhile. What is attached
  /// to a message becomes part of the thread together with it.
  ///
  /// @throws UnknownAttachment if something attached is not there, is somebody else's, or was sent
  ///   in another thread; then nothing is added
  default void append(ChatThread thread, Item item) {
    append(thread, List.of(item));
  }

  /// Adds items at the end, all or none. What is there already stays as it is: to repeat what
  /// failed is safe, even if it failed after it was done.
  void append(ChatThread thread, List<? extends Item> items);

  /// Puts an item in the place of the one with its id.
  void replace(ChatThread thread, Item item);

  Optional<Item> item(ChatThread thread, String itemId);

  /// The item with this id, if it is of that kind.
  default <T extends Item> Optional<T> item(ChatThread thread, String itemId, Class<T> kind) {
    return item(thread, itemId).filter(kind::isInstance).map(kind::cast);
  }

  /// Adds a person's message at the end. Calls that the page has not answered are dropped: who says
  /// something else does not wait for them.
  ///
  /// @param title of the thread, if it has none yet
  /// @return nothing, and nothing is done, if the thread was deleted meanwhile
  /// @throws UnknownAttachment as with [#append]
  Optional<Asked> ask(ChatThread thread, Item.UserMessage message, Optional<String> title);

  /// What a question changed in its thread.
  ///
  /// @param thread as it is now
  /// @param dropped the ids of calls that are no longer there
  record Asked(ChatThread thread, List<String> dropped) {
    public Asked {
      dropped = List.copyOf(dropped);
    }
  }

  /// Puts items, or nothing, in the place of what followed a visible item. To repeat what failed is
  /// safe.
  ///
  /// @param until the first item behind it that stays; all go if it is empty
  /// @return the ids of attachments that are part of the thread no more
  List<String> rewrite(
      ChatThread thread, String itemId, Optional<String> until, List<? extends Item> items);

  /// What clients may see of a thread; a page is never short because of hidden items. It is if its
  /// items are long: those behind the first 4 MiB are left to the next page.
  ///
  /// @throws UnknownCursor if `after` is not a visible item of this thread
  Page<Item.Visible> items(ChatThread thread, PageRequest request);

  /// The last items, hidden ones too, oldest first; fewer if they are long together, as with pages.
  ///
  /// @param most how many at most
  List<Item> history(ChatThread thread, int most);

  /// The last items before a visible one, likewise.
  List<Item> historyBefore(ChatThread thread, String itemId, int most);

  /// The calls that the page has not answered, oldest first.
  List<Item.ClientToolCall> pendingCalls(ChatThread thread);

  /// Notes what a person thought of items; a second opinion on the same item replaces the first.
  ///
  /// @return whether all of the ids are visible items of this thread; if not, nothing is noted
  boolean rate(ChatThread thread, List<String> itemIds, Rating rating, Instant now);

  /// A person's opinion.
  enum Rating {
    POSITIVE,
    NEGATIVE
  }
}
