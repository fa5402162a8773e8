package dev.gatehouse.agent.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.testing.Await;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EraserTest {
  @Test
  void whatCouldNotBeErasedIsTriedAgainHoweverItFailed() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Eraser eraser =
        new Eraser(() -> {
          if (attempts.incrementAndGet() == 1) {
            throw new StackOverflowError();
          }
          return true;
        });
    eraser.call();
    Await.that("a first attempt", () -> attempts.get() == 1);
    eraser.close(); // does what is due
    assertEquals(2, attempts.get());
  }
}
