package dev.gatehouse.upstream;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionReuseTest {
  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

  @Test
  void connectionsAreUsedAgain() throws Exception {
    Set<Wire> connections = ConcurrentHashMap.newKeySet();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              connections.add(wire);
              wire.send(OK);
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      for (int i = 0; i < 20; i++) {
        assertEquals(200, gate.browser().post(PATH, Browser.MESSAGE).status());
      }
      assertEquals(1, connections.size());
    }
  }

  @Test
  void fault13ConnectionThatWasClosedWhileIdleIsNotUsed() throws Exception {
    for (boolean reset : List.of(false, true)) {
      CountDownLatch closed = new CountDownLatch(1);
      try (ScriptedUpstream upstream =
              ScriptedUpstream.running((_, wire) -> {
                wire.send(OK);
                if (closed.getCount() > 0) {
                  if (reset) {
                    wire.reset();
                  } else {
                    wire.close();
                  }
                  closed.countDown();
                }
              });
          RunningGatehouse gate = RunningGatehouse.to(upstream)) {
        assertEquals(200, gate.browser().post(PATH, Browser.MESSAGE).status());
        closed.await();
        assertEquals(200, gate.browser().post(PATH, Browser.MESSAGE).status());
        assertEquals(2, upstream.requests().size());
      }
    }
  }

  /// Neither where the system has them nor where they were read with the answer before, which
  /// happens the more, the longer that is.
  @ParameterizedTest
  @ValueSource(ints = {2, 500, 8_000, 20_000, 300_000})
  void connectionWithBytesNobodyAskedForIsNotUsed(int length) throws Exception {
    String body = "a".repeat(length);
    String head = "HTTP/1.1 200 OK\r\nContent-Length: ";
    CountDownLatch sent = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              String surplus = sent.getCount() > 0 ? head + "5\r\n\r\nother" : "";
              wire.send(head + length + "\r\n\r\n" + body + surplus);
              sent.countDown();
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      assertEquals(body, gate.browser().post(PATH, Browser.MESSAGE).text());
      sent.await();
      assertEquals(body, gate.browser().post(PATH, Browser.MESSAGE).text());
    }
  }
}
