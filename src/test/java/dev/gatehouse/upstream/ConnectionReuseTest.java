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

  @Test
  void connectionWithBytesNobodyAskedForIsNotUsed() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(OK);
              if (sent.getCount() > 0) {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother");
                sent.countDown();
              }
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      assertEquals("{}", gate.browser().post(PATH, Browser.MESSAGE).text());
      sent.await();
      assertEquals("{}", gate.browser().post(PATH, Browser.MESSAGE).text());
    }
  }
}
