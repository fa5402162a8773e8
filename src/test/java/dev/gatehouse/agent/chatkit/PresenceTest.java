package dev.gatehouse.agent.chatkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Reply;
import dev.gatehouse.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PresenceTest {
  private final Presence presence = new Presence();
  private final List<String> told = new ArrayList<>();

  @Test
  void everybodyIsToldOnceThatTheClientLeft() throws Exception {
    presence.onLeave(() -> told.add("model"));
    try (Reply.Registration _ = presence.onLeave(() -> told.add("over before"))) {
      presence.check();
      presence.rest(Duration.ofMillis(1));
    }
    presence.leave();
    presence.leave();
    presence.onLeave(() -> told.add("too late"));
    assertEquals(List.of("model", "too late"), told);
    assertThrows(ClientLeft.class, presence::check);
    assertThrows(ClientLeft.class, () -> presence.rest(Duration.ofMinutes(1)));
  }

  @Test
  void oneThatFailsKeepsNobodyFromBeingTold() {
    try (LogCapture log = LogCapture.by(Presence.class)) {
      for (int i = 0; i < 3; i++) {
        String words = "kanarienvogel " + i;
        presence.onLeave(() -> told.add("told"));
        presence.onLeave(() -> {
          throw new IllegalStateException(words);
        });
      }
      presence.leave();
      presence.onLeave(() -> {
        throw new IllegalStateException("kanarienvogel");
      });
      assertEquals(List.of("told", "told", "told"), told);
      assertEquals(4, log.lines().size());
      assertEquals(0, log.lines().stream().filter(line -> line.contains("kanarienvogel")).count());
    }
  }
}
