package dev.gatehouse.agent.store;

import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Item;
import java.time.Duration;
import java.util.Optional;

/// A program that appends items, and announces each once it is kept, until somebody kills it.
final class Appending {
  private Appending() {}

  /// Appends for ever.
  ///
  /// @param args address of the database, its user, id and owner of a thread
  public static void main(String[] args) throws Exception {
    Optional<String> user = Optional.of(args[1]).filter(name -> !name.isEmpty());
    StoreSettings settings = new StoreSettings(args[0], user, Optional.empty(), Duration.ZERO);
    try (Store store = Store.open(settings)) {
      ChatThread thread = ChatThread.begun(args[2], args[3], Samples.NOW);
      for (int i = 0; ; i++) {
        Item item = Samples.answer(thread, "number " + i);
        store.threads().append(thread, item);
        System.out.println(item.id());
      }
    }
  }
}
