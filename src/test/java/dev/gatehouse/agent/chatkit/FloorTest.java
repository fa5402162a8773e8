package dev.gatehouse.agent.chatkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.ClientLeft;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class FloorTest {
  private final Floor floor = new Floor();

  @Test
  void otherThreadsAndOtherOwnersNeedNotWait() throws Exception {
    try (Floor.Held _ = take("reader", "thr_1");
        Floor.Held _ = take("reader", "thr_2");
        Floor.Held _ = take("editor", "thr_1")) {
      assertEquals(3, floor.size());
    }
  }

  @Test
  void floorIsFreeAndForgottenOnceGivenUp() throws Exception {
    take("reader", "thr_1").close();
    take("reader", "thr_1").close();
    assertEquals(0, floor.size());
  }

  @Test
  void nextOneSpeaksWhenTheFirstIsDone() throws Exception {
    CountDownLatch spoke = new CountDownLatch(1);
    Thread next;
    try (Floor.Held _ = take("reader", "thr_1")) {
      next = waiting(new Presence(), spoke::countDown);
      assertEquals(1, spoke.getCount());
    }
    assertTrue(spoke.await(5, TimeUnit.SECONDS));
    next.join();
    assertEquals(0, floor.size());
  }

  @Test
  void allSpeakInTheOrderInWhichTheyCame() throws Exception {
    List<Integer> order = new ArrayList<>();
    List<Thread> all = new ArrayList<>();
    try (Floor.Held _ = take("reader", "thr_1")) {
      for (int i = 0; i < 8; i++) {
        int number = i;
        all.add(waiting(new Presence(), () -> order.add(number)));
      }
    }
    for (Thread one : all) {
      one.join();
    }
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), order);
  }

  @Test
  void nextOneWaitsForWhatTheFirstLeavesToBeDone() throws Exception {
    CountDownLatch spoke = new CountDownLatch(1);
    CompletableFuture<?> end = new CompletableFuture<>();
    Thread next;
    try (Floor.Held _ = take("reader", "thr_1")) {
      next = waiting(new Presence(), spoke::countDown);
      floor.extend("reader", "thr_1", end);
      floor.extend("editor", "thr_1", new CompletableFuture<>());
    }
    assertEquals(1, floor.size());
    assertEquals(1, spoke.getCount());
    end.complete(null);
    next.join();
    assertEquals(0, spoke.getCount());
    assertEquals(0, floor.size());
  }

  @Test
  void interruptedWaitLeavesTheQueue() throws Exception {
    CountDownLatch spoke = new CountDownLatch(1);
    Floor.Held first = take("reader", "thr_1");
    Thread next = waiting(new Presence(), spoke::countDown);
    next.interrupt();
    next.join();
    assertEquals(1, spoke.getCount());
    first.close();
    assertEquals(0, floor.size());
  }

  @Test
  void whoLeavesGivesUpTheirPlaceWhileTheFirstStillSpeaks() throws Exception {
    AtomicInteger spoke = new AtomicInteger();
    Presence presence = new Presence();
    Thread behind;
    try (Floor.Held _ = take("reader", "thr_1")) {
      Thread next = waiting(presence, spoke::incrementAndGet);
      behind = waiting(new Presence(), spoke::incrementAndGet);
      presence.leave();
      next.join();
      assertEquals(0, spoke.get());
      assertThrows(ClientLeft.class, () -> floor.take("reader", "thr_1", presence));
    }
    behind.join();
    assertEquals(1, spoke.get());
    assertEquals(0, floor.size());
  }

  @Test
  void ninthWhoWouldWaitIsTurnedAway() throws Exception {
    AtomicInteger spoke = new AtomicInteger();
    List<Thread> all = new ArrayList<>();
    Presence leaving = new Presence();
    try (Floor.Held _ = take("reader", "thr_1")) {
      all.add(waiting(leaving, spoke::incrementAndGet));
      for (int i = 1; i < 8; i++) {
        all.add(waiting(new Presence(), spoke::incrementAndGet));
      }
      Declined declined = assertThrows(Declined.class, () -> take("reader", "thr_1"));
      assertEquals("Too much is waiting to be answered here.", declined.text());
      leaving.leave();
      all.getFirst().join();
      all.add(waiting(new Presence(), spoke::incrementAndGet));
    }
    for (Thread one : all) {
      one.join();
    }
    assertEquals(8, spoke.get());
    assertEquals(0, floor.size());
  }

  private Floor.Held take(String owner, String threadId) throws IOException {
    return floor.take(owner, threadId, new Presence());
  }

  /// Somebody who waits for the floor of the one thread.
  private Thread waiting(Presence presence, Runnable speech) {
    Thread thread = Thread.ofVirtual().start(() -> speak(presence, speech));
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private void speak(Presence presence, Runnable speech) {
    try (Floor.Held _ = floor.take("reader", "thr_1", presence)) {
      speech.run();
    } catch (InterruptedIOException e) {
      assertTrue(Thread.currentThread().isInterrupted());
    } catch (ClientLeft e) {
      assertTrue(presence.isGone());
    }
  }
}
