package dev.gatehouse.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How much of an answer is under way between an upstream that hurries and a browser that does not.
final class BackpressureTest {
  private static final int MOST_HELD = 256 * 1024;

  private static final int PIECE = 1024;

  /// Held by the gate, by the system on its behalf, and a little by the two ends.
  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "TLS_HTTP_1"})
  void nothingBeyondTheLimitIsTakenForABrowserThatReadsNothing(Transport transport)
      throws Exception {
    CompletableFuture<Integer> taken = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.narrow(PIECE).send(ScriptedUpstream.eventStream());
              int sent = 0;
              try {
                for (; sent < 64 * MOST_HELD; sent += PIECE) {
                  wire.sendChunk(new byte[PIECE]);
                }
              } finally {
                taken.complete(sent);
              }
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("timeouts: {idle: 1s}")
                .start();
        Wire wire = gate.wire().narrow(PIECE)) {
      wire.send(gate.post("{}"));
      int held = taken.get(20, TimeUnit.SECONDS);
      assertTrue(held <= MOST_HELD, () -> held + " bytes were taken");
      assertEquals("client-closed", log.next().get("outcome"));
    }
  }
}
