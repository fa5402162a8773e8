package dev.gatehouse.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.Principal;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.testing.LogCapture;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeadroomTest {
  private static final Headroom.Sample PLENTY = new Headroom.Sample(10_000, 100, 1_000, 100);
  private static final Headroom.Sample NO_DESCRIPTORS =
      new Headroom.Sample(10_000, 9_600, 1_000, 100);

  @ParameterizedTest
  @CsvSource({
    "10000, 9500, 1000, 950, ",
    "10000, 9501, 1000, 100, descriptors",
    "400, 336, 1000, 100, ",
    "400, 337, 1000, 100, descriptors",
    "20000, 19488, 1000, 100, ",
    "20000, 19489, 1000, 100, descriptors",
    "10000, 100, 1000, 951, heap",
    "0, 0, 0, 0, "
  })
  void littleLeftIsAShortage(
      long descriptors, long open, long heap, long used, @Nullable String word) {
    assertEquals(
        Optional.ofNullable(word), new Headroom.Sample(descriptors, open, heap, used).shortage());
  }

  @Test
  void shortageIsNoticedSaidOnceAndForgotten() throws Exception {
    AtomicReference<Headroom.Sample> now = new AtomicReference<>(PLENTY);
    try (LogCapture log = LogCapture.by(Headroom.class);
        Clocks clocks = new Clocks();
        Headroom headroom = new Headroom(clocks, now::get)) {
      assertTrue(headroom.suffices());
      now.set(NO_DESCRIPTORS);
      assertEquals("descriptors", log.next().get("short"));
      assertFalse(headroom.suffices());
      now.set(PLENTY);
      assertEquals("descriptors", log.next().get("short"));
      assertTrue(headroom.suffices());
      assertEquals(2, log.lines().size());
    }
  }

  @Test
  void whoCanNotEvenLookIsShortOfDescriptorsUntilItCan() throws Exception {
    AtomicReference<Boolean> works = new AtomicReference<>(true);
    try (LogCapture log = LogCapture.by(Headroom.class);
        Clocks clocks = new Clocks();
        Headroom headroom =
            new Headroom(
                clocks,
                () -> {
                  if (works.get()) {
                    return PLENTY;
                  }
                  throw new InternalError("Unable to open directory");
                })) {
      works.set(false);
      assertEquals("descriptors", log.next().get("short"));
      assertFalse(headroom.admits());
      works.set(true);
      assertEquals("descriptors", log.next().get("short"));
      assertTrue(headroom.admits());
    }
  }

  @Test
  void shortageTurnsExchangesAwayAndLeavesOpenOnesAlone() {
    AtomicReference<Boolean> suffices = new AtomicReference<>(true);
    OpenStreams streams = new OpenStreams(suffices::get);
    streams.limit(10, 10);
    try (OpenStreams.Place place = streams.enter("/a", new Principal("i", "u"))) {
      suffices.set(false);
      ProblemException refusal =
          assertThrows(ProblemException.class, () -> streams.enter("/a", new Principal("i", "u")));
      assertEquals(ProblemCode.OVERLOADED, refusal.problem().code());
      assertEquals(1, streams.count());
      assertEquals(Optional.empty(), place.lifeline().ending());
    }
    assertEquals(0, streams.count());
  }

  @Test
  void rushIsNoticedBetweenLooks() {
    AtomicReference<Headroom.Sample> now =
        new AtomicReference<>(new Headroom.Sample(1_000, 926, 1_000, 100));
    AtomicInteger looks = new AtomicInteger();
    Clocks stopped = new Clocks();
    stopped.close();
    Supplier<Headroom.Sample> source =
        () -> {
          looks.incrementAndGet();
          return now.get();
        };
    try (Headroom headroom = new Headroom(stopped, source)) {
      now.set(NO_DESCRIPTORS);
      for (int i = 0; i < 5; i++) {
        assertTrue(headroom.admits());
      }
      assertEquals(1, looks.get());
      assertFalse(headroom.admits());
      assertFalse(headroom.admits());
      assertEquals(2, looks.get());
    }
  }

  @Test
  void thisProcessHasHeadroom() {
    try (Clocks clocks = new Clocks();
        Headroom headroom = Headroom.ofProcess(clocks)) {
      assertTrue(headroom.suffices());
    }
  }
}
