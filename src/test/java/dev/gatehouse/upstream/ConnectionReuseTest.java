package dev.gatehouse.upstream;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ConfigFile;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.protocol.Protocols;
import dev.gatehouse.stream.Clocks;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionReuseTest {
  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

  @Test
  void connectionsAreUsedAgain() throws Exception {
    Set<Wire> connections = ConcurrentHashMap.newKeySet();
    try (ScriptedUpstream upstream = answeringOn(connections);
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

  /// An answer that has all come gives its connection back, though its browser may take long for
  /// the end of it. What is to happen before its waits is nothing to whoever waits there next, and
  /// its end does not take from them what they want to happen before theirs.
  @Test
  void answerThatHasComeDoesNotMeddleWithTheNextOnItsConnection() throws Exception {
    Set<Wire> connections = ConcurrentHashMap.newKeySet();
    try (ScriptedUpstream upstream = answeringOn(connections);
        Clocks clocks = new Clocks()) {
      Upstream agent = agent(upstream, clocks);
      AtomicInteger firstWaits = new AtomicInteger();
      AtomicInteger secondWaits = new AtomicInteger();
      UpstreamResponse first = call(agent, upstream);
      assertTrue(first.beforeWaits(firstWaits::incrementAndGet));
      assertEquals(2, first.read().orElseThrow().remaining());
      int before = firstWaits.get();
      try (UpstreamResponse second = call(agent, upstream)) {
        assertTrue(second.beforeWaits(secondWaits::incrementAndGet));
        first.close();
        assertEquals(before, firstWaits.get());
      }
      assertEquals(1, connections.size());
    }
  }

  @Test
  void endOfAnAnswerLeavesTheWaitsOfTheNextAlone() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    Set<Wire> connections = ConcurrentHashMap.newKeySet();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              if (connections.add(wire)) {
                wire.send(OK);
              } else {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                assertTrue(waits.await(10, TimeUnit.SECONDS), "waits without a word");
                wire.send("{}");
              }
            });
        Clocks clocks = new Clocks()) {
      Upstream agent = agent(upstream, clocks);
      UpstreamResponse first = call(agent, upstream);
      assertTrue(first.beforeWaits(() -> {}));
      assertEquals(2, first.read().orElseThrow().remaining());
      try (UpstreamResponse second = call(agent, upstream)) {
        assertTrue(second.beforeWaits(waits::countDown));
        first.close();
        assertEquals(2, second.read().orElseThrow().remaining());
      }
      assertEquals(1, connections.size());
    }
  }

  private static ScriptedUpstream answeringOn(Set<Wire> connections) {
    return ScriptedUpstream.running((_, wire) -> {
      connections.add(wire);
      wire.send(OK);
    });
  }

  private static Upstream agent(ScriptedUpstream upstream, Clocks clocks) throws Exception {
    String yaml =
        """
        server: {listen: '127.0.0.1:0'}
        auth: {issuer: 'http://127.0.0.1:1', audience: [agent-api]}
        routes: [{path: /api, upstream: '%s'}]
        """
            .formatted(upstream.uri());
    RouteConfig route = ConfigFile.parse("test.yaml", yaml, Map.of()).routes().getFirst();
    return Upstream.of(route, Protocols.of(route.protocol()), clocks);
  }

  private static UpstreamResponse call(Upstream agent, ScriptedUpstream upstream) {
    HttpUrl url = HttpUrl.get(upstream.uri().toString());
    return agent.call(new UpstreamRequest("GET", url, Headers.of()), Optional.empty()).execute();
  }
}
