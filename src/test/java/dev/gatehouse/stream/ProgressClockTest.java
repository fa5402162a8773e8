package dev.gatehouse.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProgressClockTest {
  private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>();
  private final Clocks clocks = new Clocks(due::add);
  private final Lifeline lifeline = new Lifeline();

  @AfterEach
  void stop() {
    clocks.close();
  }

  private ProgressClock clock(Duration limit) {
    return new ProgressClock(clocks, limit, lifeline, Ending.FIRST_BYTE_TIMEOUT);
  }

  /// What the timer had run by another thread, which may come to it as late as it likes.
  private Runnable alarm() throws InterruptedException {
    return Objects.requireNonNull(due.poll(20, TimeUnit.SECONDS), "no alarm went off");
  }

  @Test
  void alarmOfASilenceEndsTheExchange() throws Exception {
    try (ProgressClock _ = clock(Duration.ofMillis(1))) {
      alarm().run();
      assertEquals(Optional.of(Ending.FIRST_BYTE_TIMEOUT), lifeline.ending());
    }
  }

  @Test
  void alarmUnderAWriteBlamesTheClient() throws Exception {
    try (ProgressClock clock = clock(Duration.ofMillis(1))) {
      clock.writing();
      while (lifeline.ending().isEmpty()) {
        alarm().run(); // the first may have been set before the write began
      }
      assertEquals(Optional.of(Ending.CLIENT_CLOSED), lifeline.ending());
    }
  }

  @Test
  void alarmThatComesLateEndsNothing() throws Exception {
    ProgressClock clock = clock(Duration.ofMillis(1));
    Runnable alarm = alarm();
    clock.close();
    alarm.run();
    assertEquals(Optional.empty(), lifeline.ending());
  }

  @Test
  void progressWindsTheClockAgain() throws Exception {
    try (ProgressClock clock = clock(Duration.ofSeconds(1))) {
      Runnable alarm = alarm();
      clock.reading();
      alarm.run();
      assertEquals(Optional.empty(), lifeline.ending());
      alarm().run();
      assertEquals(Optional.of(Ending.FIRST_BYTE_TIMEOUT), lifeline.ending());
    }
  }
}
