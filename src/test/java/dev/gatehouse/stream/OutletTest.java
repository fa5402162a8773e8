package dev.gatehouse.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OutletTest {
  private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>();
  private final Clocks clocks = new Clocks(due::add);
  private final ByteArrayOutputStream sink = new ByteArrayOutputStream();

  @AfterEach
  void stop() {
    clocks.close();
  }

  /// A machine may stop for a while at any place.
  @Test
  void heartbeatIsNotSentAheadOfWhatIsHeld() throws Exception {
    try (Outlet outlet =
        new Outlet(new StreamSink(sink), new Lifeline(), clocks, Duration.ofMillis(1))) {
      outlet.take(ascii("data: hel"));
      outlet.send();
      outlet.take(ascii("lo\n\n"));
      for (int i = 0; i < 20; i++) {
        Objects.requireNonNull(due.poll(20, TimeUnit.SECONDS), "no alarm went off").run();
      }
      outlet.send();
      assertEquals("data: hello\n\n", sink.toString(StandardCharsets.US_ASCII));
    }
  }

  /// As where an event is held until its line is whole.
  @Test
  void stepsThatSendNothingHoldNoHeartbeatBack() throws Exception {
    try (Outlet outlet =
        new Outlet(new StreamSink(sink), new Lifeline(), clocks, Duration.ofMillis(50))) {
      outlet.send();
      for (int i = 0; i < 3; i++) {
        Runnable beat = Objects.requireNonNull(due.poll(20, TimeUnit.SECONDS), "no alarm");
        assertTrue(outlet.sendAtOnce(ascii("")));
        beat.run();
      }
      assertTrue(sink.toString(StandardCharsets.US_ASCII).startsWith(":\n"));
    }
  }

  @Test
  void whatComesWhileSomebodySendsIsKept() throws Exception {
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            sink.write(b);
            sending.countDown();
            try {
              assertTrue(taken.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              throw new InterruptedIOException(e.getMessage());
            }
          }
        };
    try (Outlet outlet = new Outlet(new StreamSink(slow), new Lifeline(), clocks, Duration.ZERO)) {
      outlet.take(ascii("x"));
      Thread sender = Thread.startVirtualThread(outlet::send);
      assertTrue(sending.await(20, TimeUnit.SECONDS));
      assertFalse(outlet.sendAtOnce(ascii("y")));
      taken.countDown();
      sender.join();
      outlet.settle();
      outlet.send();
      assertTrue(outlet.sendAtOnce(ascii("z")));
      assertEquals("xyz", sink.toString(StandardCharsets.US_ASCII));
    }
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
