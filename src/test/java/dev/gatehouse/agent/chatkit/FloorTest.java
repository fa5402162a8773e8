package dev.gatehouse.agent.chatkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class FloorTest {
  private final Floor floor = new Floor();

  @Test
  void otherThreadsAndOtherOwnersNeedNotWait() throws Exception {
    try (Floor.Held _ = floor.take("reader", "thr_1");
        Floor.Held _ = floor.take("reader", "thr_2");
        Floor.Held _ = floor.take("editor", "thr_1")) {
      assertEquals(3, floor.size());
    }
  }

  @Test
  void floorIsFreeAndForgottenOnceGivenUp() throws Exception {
    floor.take("reader", "thr_1").close();
    floor.take("reader", "thr_1").close();
    assertEquals(0, floor.size());
  }

  @Test
  void nextOneSpeaksWhenTheFirstIsDone() throws Exception {
    CountDownLatch spoke = new CountDownLatch(1);
    Thread next;
    try (Floor.Held _ = floor.take("reader", "thr_1")) {
      next = Thread.ofVirtual().start(() -> speak(spoke));
      awaitState(next, Thread.State.WAITING);
      assertEquals(1, spoke.getCount());
    }
    assertTrue(spoke.await(5, TimeUnit.SECONDS));
    next.join();
    assertEquals(0, floor.size());
  }

  @Test
  void interruptedWaitLeavesTheQueue() throws Exception {
    CountDownLatch spoke = new CountDownLatch(1);
    Floor.Held first = floor.take("reader", "thr_1");
    Thread next = Thread.ofVirtual().start(() -> speak(spoke));
    awaitState(next, Thread.State.WAITING);
    next.interrupt();
    next.join();
    assertEquals(1, spoke.getCount());
    first.close();
    assertEquals(0, floor.size());
  }

  private void speak(CountDownLatch spoke) {
    try (Floor.Held _ = floor.take("reader", "thr_1")) {
      spoke.countDown();
    } catch (InterruptedIOException e) {
      assertTrue(Thread.currentThread().isInterrupted());
    }
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }
}
