package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class BodyRoomTest {
  private final BodyRoom room = new BodyRoom(Duration.ZERO, 100);

  private static void assertFull(Executable action) {
    ProblemException refusal = assertThrows(ProblemException.class, action);
    assertEquals(ProblemCode.OVERLOADED, refusal.problem().code());
    assertEquals("2", refusal.problem().headers().get("Retry-After"));
  }

  @Test
  void bodiesTogetherTakeNoMoreThanThereIs() {
    try (BodyRoom.Share one = room.share();
        BodyRoom.Share other = room.share()) {
      one.take(60);
      other.take(40);
      assertFull(() -> other.take(1));
      assertFull(() -> one.take(1));
    }
  }

  @Test
  void shareIsGivenBack() {
    try (BodyRoom.Share share = room.share()) {
      share.take(100);
    }
    try (BodyRoom.Share share = room.share()) {
      share.take(50);
      assertFull(() -> share.take(51));
      share.take(50);
    }
  }

  @Test
  void announcementIsRefusedWhereItDoesNotFitAndTakesNothing() {
    try (BodyRoom.Share one = room.share();
        BodyRoom.Share other = room.share()) {
      assertEquals(
          ProblemCode.BODY_TOO_LARGE,
          assertThrows(ProblemException.class, () -> one.expect(101)).problem().code());
      one.expect(100);
      assertDoesNotThrow(() -> other.take(100));
      assertFull(() -> one.expect(1));
      one.expect(0);
    }
  }
}
