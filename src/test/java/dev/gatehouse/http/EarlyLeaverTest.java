package dev.gatehouse.http;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A browser that takes its request back before anybody has looked at it has met no defect.
final class EarlyLeaverTest {
  private static final int REQUESTS = 50;
  private static final int CANCEL = 8;

  @Test
  void streamThatIsResetAtOnceIsNoErrorOfOurs() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.forgetting((_, wire) -> wire.awaitClose());
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).over(Transport.H2C).start();
        Frames frames = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < REQUESTS; i++) {
        int stream = 2 * i + 1;
        byte[] body = "{}".getBytes(StandardCharsets.US_ASCII);
        all.writeBytes(Frames.bytes(Frames.HEADERS, Frames.END_HEADERS, stream, headers));
        all.writeBytes(Frames.bytes(Frames.DATA, Frames.END_STREAM, stream, body));
        all.writeBytes(Frames.bytes(Frames.RST_STREAM, 0, stream, Frames.number(CANCEL)));
      }
      frames.send(all.toByteArray());
      for (int i = 0; i < REQUESTS; i++) {
        Map<String, Object> line = log.next();
        assertEquals(499, line.get("status"), line::toString);
        assertFalse(line.containsKey("problem"), line::toString);
      }
    }
  }
}
