package dev.gatehouse.http;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A request that is turned away while its body is still on the way: what comes next on that
/// connection can not be told from the body any more, so it closes, and the answer says so.
final class EarlyRefusalTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "done");
  private final RunningGatehouse gate = started(upstream);

  private static RunningGatehouse started(ScriptedUpstream upstream) {
    try {
      return RunningGatehouse.to(upstream);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  private static String head(String path) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n";
  }

  private static String answer(Wire wire, String status) throws Exception {
    String answer = wire.readHead().toLowerCase(Locale.ROOT);
    assertTrue(answer.startsWith("http/1.1 " + status), answer);
    String length = answer.replaceAll("(?s).*content-length: ([0-9]+).*", "$1");
    wire.read(Integer.parseInt(length));
    return answer;
  }

  private static boolean closes(String answer) {
    return answer.contains("connection: close\r\n");
  }

  @Test
  void answerThatDoesNotWaitForTheBodySaysThatTheConnectionCloses() throws Exception {
    for (String path : new String[] {PATH, "/elsewhere"}) {
      try (Wire wire = gate.wire()) {
        wire.send(head(path));
        String answer = answer(wire, "40");
        assertTrue(closes(answer), answer);
        wire.awaitClose();
      }
    }
  }

  @Test
  void connectionWhoseBodyHasComeGoesOn() throws Exception {
    try (Wire wire = gate.wire()) {
      for (int i = 0; i < 3; i++) {
        wire.send(head(PATH) + "{}");
        String answer = answer(wire, "401");
        assertFalse(closes(answer), answer);
      }
    }
  }
}
