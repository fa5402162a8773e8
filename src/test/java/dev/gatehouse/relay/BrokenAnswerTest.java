package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Leaving;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that break in the middle, and answers of which nobody can say where they end.
final class BrokenAnswerTest {
  private static final String PREFIX = "data: 1\n\nda";
  private static final String CLOSING =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

  private static RunningGatehouse gate(ScriptedUpstream upstream, Transport transport)
      throws Exception {
    return RunningGatehouse.towards(upstream.uri()).over(transport).start();
  }

  /// What a client gets of an answer that this script breaks.
  private static void assertBroken(
      Transport transport, String prefix, ScriptedUpstream.Script script) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running(script);
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream, transport)) {
      Browser.Seen seen = gate.browser().take(PATH, "{}");
      assertEquals(new Browser.Seen(200, prefix, false), seen);
      assertEquals("upstream-failed", log.next().get("outcome"));
      assertEquals(1, upstream.requests().size());
      assertEquals(1, log.lines().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault01UpstreamEndsInTheMiddleOfAnEvent(Transport transport) throws Exception {
    assertBroken(
        transport,
        PREFIX,
        (_, wire) -> {
          wire.send(ScriptedUpstream.eventStream()).sendChunk(PREFIX);
          wire.close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void fault02UpstreamIsResetInTheMiddleOfAStream(Transport transport) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk(PREFIX);
              assertTrue(seen.await(10, TimeUnit.SECONDS)); // or it may be lost in the system
              Leaving.RESET.leave(wire);
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = gate(upstream, transport);
        Response response = gate.browser().open(PATH, "{}")) {
      BufferedSource body = response.body().source();
      assertEquals(PREFIX, body.readUtf8(PREFIX.length()));
      seen.countDown();
      assertThrows(IOException.class, body::readByte);
      assertEquals("upstream-failed", log.next().get("outcome"));
      assertEquals(1, upstream.requests().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault03AnswerShorterThanAnnouncedIsVisiblyShort(Transport transport) throws Exception {
    assertBroken(
        transport,
        "nine byte",
        (_, wire) -> {
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnine byte");
          wire.close();
        });
  }

  private static void assertEnd(
      String protocol, Transport transport, String body, boolean whole, String outcome)
      throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(CLOSING).send(body);
              wire.close();
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("protocol: " + protocol)
                .start()) {
      assertEquals(new Browser.Seen(200, body, whole), gate.browser().take(PATH, "{}"));
      assertEquals(outcome, log.next().get("outcome"));
      assertEquals(1, upstream.requests().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault04StreamThatClosesWithItsLastEventIsWhole(Transport transport) throws Exception {
    assertEnd("ai-sdk", transport, "data: {}\n\ndata: [DONE]\n\n", true, "completed");
  }

  @ParameterizedTest
  @EnumSource
  void fault04StreamThatClosesWithoutItsLastEventIsBroken(Transport transport) throws Exception {
    assertEnd("ai-sdk", transport, "data: {}\n\ndata: [DO", false, "upstream-failed");
    assertEnd("ai-sdk", transport, "", false, "upstream-failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatkit", "json"})
  void fault04StreamThatClosesIsWholeWhereNoEventIsTheLast(String protocol) throws Exception {
    assertEnd(protocol, Transport.HTTP_1, "data: {}\n\n", true, "completed");
  }

  @Test
  void answerWithoutABodyNeedsNoLastEvent() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send("HTTP/1.1 204 No Content\r\nContent-Type: text/event-stream\r\n\r\n"));
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("protocol: ai-sdk").start()) {
      assertEquals(new Browser.Seen(204, "", true), gate.browser().take(PATH, "{}"));
      assertEquals("completed", log.next().get("outcome"));
    }
  }

  @Test
  void chunkedStreamNeedsNoLastEvent() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send(ScriptedUpstream.eventStream())
                    .sendChunk("data: 1\n\n")
                    .sendLastChunk());
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("protocol: ai-sdk").start()) {
      assertTrue(gate.browser().take(PATH, "{}").whole());
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault05ChunkSizeThatIsNoNumberBreaksTheAnswerAndTheConnection(Transport transport)
      throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    assertBroken(
        transport,
        PREFIX,
        (_, wire) -> {
          wire.send(ScriptedUpstream.eventStream()).sendChunk(PREFIX).send("xyz\r\nmore\r\n");
          wire.awaitClose();
          closed.complete(null);
        });
    closed.get(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2\r\nTransfer-Encoding: chunked",
        "Content-Length: x",
        "Content-Length: -2",
        "Transfer-Encoding: gzip, chunked"
      })
  void fault06AmbiguousHeadIsRefusedAndItsConnectionClosed(String headers) throws Exception {
    assertHeadRefused(headers, ProblemCode.UPSTREAM_PROTOCOL_ERROR);
  }

  @Test
  void fault06EndlessHeadIsRefusedAndItsConnectionClosed() throws Exception {
    assertHeadRefused("X-Large: " + "x".repeat(512 * 1024), ProblemCode.UPSTREAM_UNREACHABLE);
  }

  private static void assertHeadRefused(String head, ProblemCode code) throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              try {
                wire.send("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n{}");
                wire.awaitClose();
              } finally {
                closed.complete(null);
              }
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("protocol: json").start()) {
      gate.browser().post(PATH, "{}").assertProblem(code);
      closed.get(10, TimeUnit.SECONDS);
      assertEquals("upstream-failed", log.next().get("outcome"));
      assertEquals(1, upstream.requests().size());
    }
  }

  @Test
  void upstreamThatSwitchesProtocolsIsRefused() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n"));
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("protocol: json").start()) {
      gate.browser().post(PATH, "{}").assertProblem(ProblemCode.UPSTREAM_PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "TLS_HTTP_1"})
  void brokenAnswerLooksBrokenAlsoWhereTheClientAskedToClose(Transport transport) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              wire.close();
            });
        RunningGatehouse gate = gate(upstream, transport);
        Wire wire = gate.wire()) {
      wire.send(gate.post("{}", "Connection: close"));
      assertTrue(wire.readHead().toLowerCase(Locale.ROOT).contains("chunked"));
      String rest = new String(wire.readToEnd(), StandardCharsets.UTF_8);
      assertTrue(rest.startsWith("9\r\ndata: 1\n\n") && !rest.contains("\r\n0\r\n"), rest);
    }
  }

  @Test
  void nothingOfOursIsAddedToABrokenBody() throws Exception {
    for (String type : List.of("text/event-stream", "application/json", "text/html")) {
      try (ScriptedUpstream upstream =
              ScriptedUpstream.running((_, wire) -> {
                wire.send("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n");
                wire.send("Transfer-Encoding: chunked\r\n\r\n").sendChunk("{\"a\":");
                wire.close();
              });
          RunningGatehouse gate = gate(upstream, Transport.HTTP_1);
          Wire wire = gate.wire()) {
        wire.send(gate.post("{}"));
        wire.readHead();
        String rest = new String(wire.readToEnd(), StandardCharsets.UTF_8);
        assertTrue(List.of("5\r\n{\"a\":", "5\r\n{\"a\":\r\n").contains(rest), rest);
      }
    }
  }
}
