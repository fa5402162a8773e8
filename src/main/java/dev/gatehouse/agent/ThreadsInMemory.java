package dev.gatehouse.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Conversations that end with the process.
final class ThreadsInMemory implements Threads {
  private final Map<String, ChatThread> threads = new LinkedHashMap<>();
  private final Map<String, List<Item>> items = new LinkedHashMap<>();

  @Override
  public synchronized void save(ChatThread thread) {
    threads.put(thread.id(), thread);
    items.computeIfAbsent(thread.id(), _ -> new ArrayList<>());
  }

  @Override
  public synchronized Optional<ChatThread> find(String owner, String id) {
    return Optional.ofNullable(threads.get(id)).filter(thread -> thread.owner().equals(owner));
  }

  @Override
  public synchronized Page<ChatThread> list(String owner, PageRequest request) {
    List<ChatThread> own =
        threads.values().stream().filter(thread -> thread.owner().equals(owner)).toList();
    return Page.of(own, request, ChatThread::id);
  }

  @Override
  public synchronized void append(ChatThread thread, Item item) {
    itemsOf(thread).add(item);
  }

  @Override
  public synchronized Optional<Item.UserMessage> rewind(ChatThread thread, String itemId) {
    List<Item> all = itemsOf(thread);
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
        itemsOf(thread).stream()
            .filter(Item.Visible.class::isInstance)
            .map(Item.Visible.class::cast)
            .toList();
    return Page.of(visible, request, Item::id);
  }

  @Override
  public synchronized List<Item> history(ChatThread thread) {
    return List.copyOf(itemsOf(thread));
  }

  private List<Item> itemsOf(ChatThread thread) {
    List<Item> found = items.get(thread.id());
    if (found == null) {
      throw new IllegalStateException("a thread must be saved before it is used");
    }
    return found;
  }
}
