package dev.gatehouse.agent.store;

import static dev.gatehouse.agent.store.Samples.answer;
import static dev.gatehouse.agent.store.Samples.hidden;
import static dev.gatehouse.agent.store.Samples.question;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.ChatThread;
import dev.gatehouse.agent.chat.Ids;
import dev.gatehouse.agent.chat.Item;
import dev.gatehouse.agent.chat.Page;
import dev.gatehouse.agent.chat.PageRequest;
import dev.gatehouse.agent.chat.PageRequest.Order;
import dev.gatehouse.agent.chat.ThreadStatus;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.Threads.Rating;
import dev.gatehouse.agent.chat.UnknownCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

@ParameterizedClass
@ArgumentsSource(OpenStores.class)
final class ThreadsTest {
  private final Threads threads;
  private final Attachments attachments;
  private ChatThread thread = Samples.thread();

  ThreadsTest(Store store) {
    threads = store.threads();
    attachments = store.attachments();
  }

  @BeforeEach
  void begin() {
    thread = Samples.thread();
    threads.add(thread);
  }

  @Test
  void threadComesBackAsItWasSaved() {
    assertEquals(Optional.of(thread), find());
    ChatThread closed = thread.titled("Über 'uns'").in(ThreadStatus.closed("The end; -- really"));
    threads.rename(thread, "Über 'uns'");
    threads.setStatus(thread, ThreadStatus.closed("The end; -- really"));
    assertEquals(Optional.of(closed), find());
    ChatThread other = ChatThread.begun(Ids.thread(), thread.owner(), Samples.NOW);
    ChatThread full = other.titled("A name").in(ThreadStatus.locked("Later"));
    threads.add(full);
    assertEquals(Optional.of(full), threads.find(full.owner(), full.id()));
  }

  /// Each of the two knows the thread only as it was before the other changed it.
  @Test
  void titleAndStatusDoNotUndoEachOther() {
    threads.setStatus(thread, ThreadStatus.locked("Later"));
    threads.rename(thread, "A name");
    ChatThread both = thread.titled("A name").in(ThreadStatus.locked("Later"));
    assertEquals(Optional.of(both), find());
    threads.setStatus(thread, ThreadStatus.ACTIVE);
    assertEquals(Optional.of(both.in(ThreadStatus.ACTIVE)), find());
  }

  private Optional<ChatThread> find() {
    return threads.find(thread.owner(), thread.id());
  }

  @Test
  void deletedThreadDoesNotComeBack() {
    threads.delete(thread);
    threads.rename(thread, "A name");
    threads.setStatus(thread, ThreadStatus.locked("Later"));
    assertEquals(Optional.empty(), find());
  }

  @Test
  void renamingAThreadLeavesItsItemsAlone() {
    Item item = append(answer(thread, "kept"));
    threads.rename(thread, "A name");
    assertEquals(List.of(item), history());
  }

  @Test
  void everyKindOfItemComesBackAsItWas() {
    List<Item> items = Samples.everyKind(thread);
    items.forEach(this::append);
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      Item read = threads.item(thread, item.id()).orElseThrow();
      assertEquals(item, read);
      assertEquals(read, history().get(i));
    }
  }

  @Test
  void itemsKeepTheOrderInWhichTheyWereAppended() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      items.add(append(answer(thread, "number " + i)));
    }
    Item replaced = new Item.AssistantMessage(items.get(3).id(), thread.id(), Samples.NOW, "new");
    threads.replace(thread, replaced);
    items.set(3, replaced);
    assertEquals(items, history());
    assertEquals(items.subList(7, 12), threads.history(thread, 5));
    assertEquals(List.of(), threads.history(thread, 0));
  }

  /// The store cannot always tell whether it did what it was asked to.
  @Test
  void itemThatIsThereIsNotAppendedAgain() {
    Item said = append(answer(thread, "said"));
    Item note = hidden(thread);
    threads.append(thread, List.of(said, note));
    threads.append(thread, List.of(said, note));
    assertEquals(List.of(said, note), history());
  }

  @Test
  void itemsArePagedInBothOrders() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      items.add(append(answer(thread, "number " + i)));
    }
    assertEquals(items, paged(2, Order.ASC));
    assertEquals(items.reversed(), paged(4, Order.DESC));
    assertEquals(items, paged(6, Order.ASC));
    Page<Item.Visible> exact =
        threads.items(thread, new PageRequest(3, Order.ASC, Optional.of(items.get(2).id())));
    assertEquals(new Page<>(items.subList(3, 6), Optional.empty()), exact);
  }

  private List<Item> paged(int limit, Order order) {
    List<Item> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Page<Item.Visible> page = threads.items(thread, new PageRequest(limit, order, after));
      all.addAll(page.data());
      after = page.after();
      assertTrue(after.isEmpty() || page.data().size() == limit, "a short page");
      assertTrue(after.isEmpty() || after.get().equals(page.data().getLast().id()));
    } while (after.isPresent());
    return all;
  }

  @Test
  void hiddenItemsMakeNoPageShort() {
    List<Item> visible = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      append(hidden(thread));
      visible.add(append(answer(thread, "number " + i)));
      append(hidden(thread));
    }
    assertEquals(visible, paged(2, Order.ASC));
    assertEquals(visible.reversed(), paged(2, Order.DESC));
    assertEquals(visible, paged(5, Order.ASC));
    assertEquals(15, history().size());
  }

  @Test
  void longItemsMakeAPageAndAHistoryShort() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      items.add(append(answer(thread, "long ".repeat(200_000))));
      append(hidden(thread));
    }
    Page<Item.Visible> first =
        threads.items(thread, new PageRequest(6, Order.ASC, Optional.empty()));
    assertEquals(items.subList(0, 5), first.data());
    assertEquals(Optional.of(items.get(4).id()), first.after());
    Page<Item.Visible> rest = threads.items(thread, new PageRequest(6, Order.ASC, first.after()));
    assertEquals(new Page<>(items.subList(5, 6), Optional.empty()), rest);
    Page<Item.Visible> latest =
        threads.items(thread, new PageRequest(6, Order.DESC, Optional.empty()));
    assertEquals(items.reversed().subList(0, 5), latest.data());
    assertEquals(items.get(5), history().get(8));
    assertEquals(10, history().size());
    Item longest = append(answer(thread, "long ".repeat(1_000_000)));
    assertEquals(List.of(longest), history());
  }

  @Test
  void pendingCallsAreThoseThatWereNotAnswered() {
    Samples.everyKind(thread).forEach(this::append);
    List<Item.ClientToolCall> pending = threads.pendingCalls(thread);
    assertEquals(1, pending.size());
    for (int i = 0; i < 3; i++) {
      append(call(thread, i));
    }
    assertEquals(4, threads.pendingCalls(thread).size());
    threads.replace(thread, pending.getFirst().answered(StringNode.valueOf("done")));
    assertEquals(
        List.of(call(thread, 0), call(thread, 1), call(thread, 2)), threads.pendingCalls(thread));
    assertEquals(List.of(), threads.pendingCalls(Samples.thread()));
  }

  @Test
  void questionDropsPendingCallsAndNamesTheThread() {
    Item before = append(answer(thread, "before"));
    append(call(thread, 0));
    append(call(thread, 1));
    Item.UserMessage first = question(thread);
    assertEquals(
        Optional.of(new Threads.Asked(thread.titled("A name"), List.of("call_0", "call_1"))),
        threads.ask(thread, first, Optional.of("A name")));
    Item.UserMessage second = question(thread);
    assertEquals(
        Optional.of(new Threads.Asked(thread.titled("A name"), List.of())),
        threads.ask(thread, second, Optional.of("Another")));
    assertEquals(List.of(before, first, second), history());
  }

  @Test
  void questionLeavesANamelessThreadNamelessIfItHasNoWords() {
    assertEquals(
        Optional.of(new Threads.Asked(thread, List.of())),
        threads.ask(thread, question(thread), Optional.empty()));
    threads.delete(thread);
    assertEquals(Optional.empty(), threads.ask(thread, question(thread), Optional.of("A name")));
    assertEquals(Optional.empty(), find());
  }

  private static Item call(ChatThread thread, int number) {
    return new Item.ClientToolCall(
        "call_" + number,
        thread.id(),
        Samples.NOW,
        "call",
        "zoom",
        JsonNodeFactory.instance.objectNode(),
        Optional.empty());
  }

  @Test
  void onlyVisibleItemsOfTheThreadAreCursors() {
    ChatThread other = ChatThread.begun(Ids.thread(), thread.owner(), Samples.NOW);
    threads.add(other);
    Item elsewhere = answer(other, "elsewhere");
    threads.append(other, elsewhere);
    Item hidden = append(hidden(thread));
    for (String cursor : List.of(elsewhere.id(), hidden.id(), "none", "nu\0ll", thread.id())) {
      assertThrows(UnknownCursor.class, () -> threads.items(thread, page(cursor)), cursor);
    }
  }

  private static PageRequest page(String after) {
    return new PageRequest(5, Order.ASC, Optional.of(after));
  }

  @Test
  void threadsArePagedByAge() {
    List<ChatThread> all = new ArrayList<>(List.of(thread));
    for (int i = 0; i < 4; i++) {
      ChatThread next = ChatThread.begun(Ids.thread(), thread.owner(), Samples.NOW);
      threads.add(next);
      all.add(next);
    }
    threads.rename(thread, "A name");
    all.set(0, thread.titled("A name"));
    Page<ChatThread> first =
        threads.list(thread.owner(), new PageRequest(3, Order.DESC, Optional.empty()));
    assertEquals(all.reversed().subList(0, 3), first.data());
    Page<ChatThread> rest =
        threads.list(thread.owner(), new PageRequest(3, Order.DESC, first.after()));
    assertEquals(new Page<>(all.reversed().subList(3, 5), Optional.empty()), rest);
    assertEquals(all, threads.list(thread.owner(), PageRequest.first()).data());
    assertThrows(UnknownCursor.class, () -> threads.list(thread.owner(), page("none")));
  }

  @Test
  void replacingNothingAddsNothing() {
    threads.replace(thread, answer(thread, "never appended"));
    assertEquals(List.of(), history());
  }

  @Test
  void itemsComeInThePlaceOfWhatFollowed() {
    Item before = append(question(thread));
    Item asked = append(question(thread));
    append(hidden(thread));
    append(answer(thread, "an answer"));
    append(question(thread));
    List<Item> anew = List.of(answer(thread, "another"), hidden(thread));
    for (int i = 0; i < 2; i++) {
      assertEquals(List.of(), threads.rewrite(thread, asked.id(), Optional.empty(), anew));
      assertEquals(List.of(before, asked, anew.getFirst(), anew.getLast()), history());
    }
    assertEquals(List.of(), threads.rewrite(thread, asked.id(), Optional.empty(), List.of()));
    assertEquals(List.of(before, asked), history());
    threads.rewrite(thread, "none", Optional.empty(), List.of());
    assertEquals(List.of(before, asked), history());
    assertEquals(List.of(before), threads.historyBefore(thread, asked.id(), 5));
    assertEquals(List.of(), threads.historyBefore(thread, before.id(), 5));
  }

  @Test
  void nothingIsAppendedToADeletedThread() {
    append(answer(thread, "before"));
    threads.delete(thread);
    append(answer(thread, "after"));
    assertEquals(Optional.empty(), find());
    assertEquals(List.of(), history());
    threads.add(thread);
    assertEquals(List.of(), history());
  }

  @Test
  void ratingTakesAllItemsOrNone() {
    Item first = append(answer(thread, "first"));
    Item second = append(answer(thread, "second"));
    Item hidden = append(hidden(thread));
    assertTrue(threads.rate(thread, List.of(first.id()), Rating.POSITIVE, Samples.NOW));
    for (String unknown : List.of("none", hidden.id())) {
      List<String> ids = List.of(first.id(), second.id(), unknown);
      assertFalse(threads.rate(thread, ids, Rating.NEGATIVE, Samples.NOW));
    }
    assertTrue(
        threads.rate(thread, List.of(second.id(), second.id()), Rating.NEGATIVE, Samples.NOW));
  }

  @Test
  void textThatDatabasesDoNotLikeIsKept() {
    threads.rename(thread, "a\0b\uD800c");
    assertEquals(Optional.of("a\uFFFDb?c"), find().flatMap(ChatThread::title));
    append(answer(thread, "zero \0 and quote ' and \\ and \u2028"));
    append(answer(thread, "half \uD800 a pair"));
    Item.AssistantMessage whole = (Item.AssistantMessage) history().getFirst();
    assertEquals("zero \0 and quote ' and \\ and \u2028", whole.text());
    assertEquals(2, history().size());
    assertEquals(Optional.empty(), threads.find(thread.owner(), "a\0b"));
  }

  /// Whoever reads on behind the last item that it saw misses none, however many write.
  @Test
  void itemsBecomeVisibleInTheirOrder() throws Exception {
    int each = 40;
    int writers = 4;
    List<Item> seen = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writing = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        writing.add(
            pool.submit(() -> {
              for (int item = 0; item < each; item++) {
                append(answer(thread, "of many"));
              }
            }));
      }
      boolean done = false;
      while (!done) {
        done = writing.stream().allMatch(Future::isDone);
        Optional<String> after =
            seen.isEmpty() ? Optional.empty() : Optional.of(seen.getLast().id());
        seen.addAll(threads.items(thread, new PageRequest(1000, Order.ASC, after)).data());
      }
      for (Future<?> writer : writing) {
        writer.get();
      }
    }
    assertEquals(writers * each, seen.size());
    assertEquals(history(), seen);
  }

  private Item append(Item item) {
    if (item instanceof Item.UserMessage message) {
      message.attachments().forEach(attachments::save);
    }
    threads.append(thread, item);
    return item;
  }

  private List<Item> history() {
    return threads.history(thread, 1000);
  }
}
