package dev.gatehouse.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A stream that is carried, between two ends that do as they are told.
final class PipeTest {
  private final Clocks clocks = new Clocks();
  private final Lifeline lifeline = new Lifeline();
  private final Source source = new Source();
  private final Taker taker = new Taker();
  private final AtomicInteger calls = new AtomicInteger();
  private final Pipe pipe =
      new Pipe(
          source,
          OptionalLong.empty(),
          taker,
          lifeline,
          new Pipe.Pace(clocks, Duration.ofSeconds(20), Duration.ZERO));

  @AfterEach
  void close() {
    pipe.close();
    clocks.close();
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.US_ASCII.decode(bytes).toString();
  }

  private boolean comes(String event) {
    return source.carried().take(ascii(event));
  }

  @Test
  void whatComesOneByOneIsSentWithoutAnotherThread() {
    source.events.add("one ");
    assertEquals(Optional.empty(), pipe.copy());
    pipe.carry(calls::incrementAndGet);
    assertTrue(comes("two "));
    assertTrue(comes("three"));
    assertEquals("one two three", taker.taken.toString());
    assertEquals(0, calls.get());
  }

  @Test
  void whatTheBrowserDoesNotTakeAtOnceIsWaitedForBeforeMoreIsRead() {
    assertEquals(Optional.empty(), pipe.copy());
    pipe.carry(calls::incrementAndGet);
    taker.slow = true;
    assertFalse(comes("one "));
    assertEquals(Optional.empty(), pipe.copy());
    assertEquals("one ", taker.taken.toString());
    pipe.carry(calls::incrementAndGet);
    source.events.add("two");
    assertEquals(Optional.empty(), pipe.copy());
    assertEquals("one two", taker.taken.toString());
  }

  @Test
  void whatIsSentAmongOthersIsSentByAThreadThatMayWait() {
    assertEquals(Optional.empty(), pipe.copy());
    pipe.carry(calls::incrementAndGet);
    taker.shared = true;
    assertFalse(comes("one"));
    assertEquals("", taker.taken.toString());
    assertEquals(Optional.empty(), pipe.copy());
    assertEquals("one", taker.taken.toString());
  }

  @Test
  void browserThatIsGoneEndsTheStream() {
    assertEquals(Optional.empty(), pipe.copy());
    pipe.carry(calls::incrementAndGet);
    taker.slow = true;
    taker.gone = true;
    assertFalse(comes("one "));
    assertEquals(Optional.of(Ending.CLIENT_CLOSED), pipe.copy());
  }

  @Test
  void whatCannotBeCarriedIsCopiedAtOnce() {
    assertEquals(Optional.empty(), pipe.copy());
    source.refuses = true;
    pipe.carry(calls::incrementAndGet);
    assertEquals(1, calls.get());
    source.events.add("one");
    assertEquals(Optional.empty(), pipe.copy());
    assertEquals("one", taker.taken.toString());
  }

  @Test
  void upstreamThatBreaksOffMeanwhileEndsTheStream() {
    assertEquals(Optional.empty(), pipe.copy());
    source.broken = true;
    pipe.carry(calls::incrementAndGet);
    assertEquals(1, calls.get());
    assertEquals(Optional.of(Ending.UPSTREAM_FAILED), pipe.copy());
  }

  @Test
  void endComesAfterWhatWasCarried() {
    assertEquals(Optional.empty(), pipe.copy());
    pipe.carry(calls::incrementAndGet);
    assertTrue(comes("one"));
    source.ended = true;
    assertEquals(Optional.of(Ending.COMPLETED), pipe.copy());
    assertEquals("one", taker.taken.toString());
  }

  private static final class Source implements ByteSource {
    private final Deque<String> events = new ArrayDeque<>();
    private boolean refuses;
    private boolean broken;
    private boolean ended;
    private @Nullable Step step;

    Step carried() {
      return Objects.requireNonNull(step);
    }

    @Override
    public Optional<ByteBuffer> read() throws IOException {
      if (broken) {
        throw new IOException("broken");
      }
      return ended ? Optional.empty() : Optional.of(ascii(events.remove()));
    }

    @Override
    public boolean beforeWaits(Runnable action) {
      return true;
    }

    @Override
    public boolean isSilent() {
      return events.isEmpty();
    }

    @Override
    public boolean carry(Step next, Runnable then) throws IOException {
      if (broken) {
        throw new IOException("broken");
      }
      step = next;
      return !refuses;
    }
  }

  private static final class Taker implements Sink {
    private final StringBuilder taken = new StringBuilder();
    private boolean slow;
    private boolean shared;
    private boolean gone;
    private String underWay = "";

    @Override
    public void write(ByteBuffer bytes) {
      assertEquals("", underWay);
      taken.append(text(bytes));
    }

    @Override
    public void flush() {
      assertEquals("", underWay);
    }

    @Override
    public boolean isOwn() {
      return !shared;
    }

    @Override
    public boolean begin(ByteBuffer bytes) {
      if (slow) {
        underWay = text(bytes);
      } else {
        write(bytes);
      }
      return !slow;
    }

    @Override
    public void settle() throws IOException {
      if (gone) {
        throw new IOException("gone");
      }
      taken.append(underWay);
      underWay = "";
    }
  }
}
