package dev.gatehouse.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ThreadsInMemoryTest {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  private final Threads threads = new ThreadsInMemory(2, 2);

  @Test
  void ownersOldestThreadMakesRoomForTheNewest() {
    List.of("thr_1", "thr_2", "thr_3").forEach(id -> threads.save(thread("reader", id)));
    assertEquals(List.of("thr_2", "thr_3"), ids("reader"));
    assertTrue(threads.find("reader", "thr_1").isEmpty());
  }

  @Test
  void threadsOfOneOwnerCrowdOutNobodyElses() {
    threads.save(thread("editor", "thr_0"));
    List.of("thr_1", "thr_2", "thr_3").forEach(id -> threads.save(thread("reader", id)));
    assertEquals(List.of("thr_0"), ids("editor"));
  }

  @Test
  void ownerWhoWasAwayLongestMakesRoomForTheNewest() {
    threads.save(thread("reader", "thr_1"));
    threads.save(thread("editor", "thr_2"));
    assertTrue(threads.find("reader", "thr_1").isPresent());
    threads.save(thread("author", "thr_3"));
    assertEquals(List.of("thr_1"), ids("reader"));
    assertEquals(List.of(), ids("editor"));
    assertEquals(List.of("thr_3"), ids("author"));
  }

  @Test
  void whatIsSaidInAThreadThatIsGoneIsNotKept() {
    ChatThread gone = thread("reader", "thr_1");
    List.of("thr_1", "thr_2", "thr_3").forEach(id -> threads.save(thread("reader", id)));
    threads.append(gone, Stored.message(gone, "msg_1"));
    assertEquals(List.of(), threads.history(gone));
    assertTrue(threads.rewind(gone, "msg_1").isEmpty());
    assertEquals(List.of("thr_2", "thr_3"), ids("reader"));
  }

  @Test
  void newTitleKeepsWhatWasSaid() {
    ChatThread thread = thread("reader", "thr_1");
    threads.save(thread);
    threads.append(thread, Stored.message(thread, "msg_1"));
    threads.save(thread.titled("Gates"));
    assertEquals(1, threads.history(thread).size());
    assertEquals(Optional.of("Gates"), threads.find("reader", "thr_1").flatMap(ChatThread::title));
  }

  private List<String> ids(String owner) {
    return threads.list(owner, PageRequest.first()).data().stream().map(ChatThread::id).toList();
  }

  private static ChatThread thread(String owner, String id) {
    return new ChatThread(id, owner, THEN, Optional.empty());
  }
}
