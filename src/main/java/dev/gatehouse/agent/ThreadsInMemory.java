package dev.gatehouse.agent;

import java.io.Serial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Conversations that end with the process, and before that if there are too many: an owner's
/// oldest thread goes first, and of the owners the one who was away longest. What is still said in
/// a thread that is gone is not kept.
final class ThreadsInMemory implements Threads {
  private static final int MOST_OWNERS = 1000;
  private static final int MOST_THREADS = 200;

  private final Map<String, Map<String, Conversation>> owners;
  private final int mostThreads;

  ThreadsInMemory() {
    this(MOST_OWNERS, MOST_THREADS);
  }

  /// @param mostThreads of one owner
  ThreadsInMemory(int mostOwners, int mostThreads) {
    this.owners = new Bounded<>(mostOwners, true);
    this.mostThreads = mostThreads;
  }

  @Override
  public synchronized void save(ChatThread thread) {
    owners
        .computeIfAbsent(thread.owner(), _ -> new Bounded<>(mostThreads, false))
        .merge(thread.id(), Conversation.of(thread), (known, _) -> known.renamed(thread));
  }

  @Override
  public synchronized Optional<ChatThread> find(String owner, String id) {
    return Optional.ofNullable(of(owner).get(id)).map(Conversation::thread);
  }

  @Override
  public synchronized Page<ChatThread> list(String owner, PageRequest request) {
    List<ChatThread> own = of(owner).values().stream().map(Conversation::thread).toList();
    return Page.of(own, request, ChatThread::id);
  }

  @Override
  public synchronized void append(ChatThread thread, Item item) {
    conversation(thread).items.add(item);
  }

  @Override
  public synchronized Optional<Item.UserMessage> rewind(ChatThread thread, String itemId) {
    List<Item> all = conversation(thread).items;
    int at = all.stream().map(Item::id).toList().indexOf(itemId);
    if (at < 0 || !(all.get(at) instanceof Item.UserMessage message)) {
      return Optional.empty();
    }
    all.subList(at + 1, all.size()).clear();
    return Optional.of(message);
  }

  @Override
  public synchronized Page<Item.Visible> items(ChatThread thread, PageRequest request) {
    List<Item.Visible> visible =
        conversation(thread).items.stream()
            .filter(Item.Visible.class::isInstance)
            .map(Item.Visible.class::cast)
            .toList();
    return Page.of(visible, request, Item::id);
  }

  @Override
  public synchronized List<Item> history(ChatThread thread) {
    return List.copyOf(conversation(thread).items);
  }

  private Map<String, Conversation> of(String owner) {
    return owners.getOrDefault(owner, Map.of());
  }

  private Conversation conversation(ChatThread thread) {
    return of(thread.owner()).getOrDefault(thread.id(), Conversation.of(thread));
  }

  private record Conversation(ChatThread thread, List<Item> items) {
    static Conversation of(ChatThread thread) {
      return new Conversation(thread, new ArrayList<>());
    }

    Conversation renamed(ChatThread newThread) {
      return new Conversation(newThread, items);
    }
  }

  /// Lets go of its eldest entry when there is one too many.
  private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
    @Serial private static final long serialVersionUID = 1;
    private final int most;

    /// @param byUse whether the eldest is the one used longest ago, or the one added first
    Bounded(int most, boolean byUse) {
      super(16, 0.75f, byUse);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }
}
