package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How much one HTTP/2 connection can ask for, in good faith and in bad.
final class Http2LimitsTest {
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int REFUSED_STREAM = 7;
  private static final int FLOOD = 300;
  private static final int RESETS = 2_000;

  /// `POST http://x/` from the static table (RFC 7541 appendix A).
  private static final byte[] MINIMAL = {(byte) 0x83, (byte) 0x86, (byte) 0x84, 1, 1, 'x'};

  private static final int EVENTS_PER_SECOND = 128;

  @ParameterizedTest
  @EnumSource(names = {"H2C", "H2"})
  void manyStreamsOnSeveralConnectionsGoOnAtOnce(Transport transport) throws Exception {
    int connections = 4;
    int streams = 60;
    CountDownLatch all = new CountDownLatch(connections * streams);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((request, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              all.countDown();
              assertTrue(all.await(20, TimeUnit.SECONDS), "not all at once");
              wire.sendChunk(request.line()).sendLastChunk();
            });
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .server("max-streams-per-user: 500")
                .start();
        ExecutorService pages = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        Browser browser = gate.browser();
        assertEquals(200, browser.get("/bff/user").status()); // or each would connect for itself
        for (int j = 0; j < streams; j++) {
          String path = PATH + "?n=" + i + "." + j;
          answers.add(pages.submit(() -> browser.post(path, Browser.MESSAGE).text()));
        }
      }
      Set<String> different = new TreeSet<>();
      for (Future<String> answer : answers) {
        String text = answer.get(30, TimeUnit.SECONDS);
        assertTrue(text.startsWith("data: 1\n\nPOST "), text);
        different.add(text);
      }
      assertEquals(connections * streams, different.size());
    }
  }

  @Test
  void limitsAreAnnounced() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "");
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Frames frames = gate.frames()) {
      Map<Integer, Integer> settings = settings(frames.next(Frames.SETTINGS));
      assertEquals(128, settings.get(3), "concurrent streams");
      assertEquals(256 * 1024, settings.get(4), "window of a stream");
      assertEquals(32 * 1024, settings.get(6), "header list");
      assertEquals(0, settings.getOrDefault(8, 0), "extended CONNECT");
      assertEquals(
          1024 * 1024 - 65_535,
          frames.next(Frames.WINDOW_UPDATE).number(0),
          "window of the connection");
    }
  }

  private static Map<Integer, Integer> settings(Frames.Frame frame) {
    Map<Integer, Integer> settings = new HashMap<>();
    ByteBuffer payload = ByteBuffer.wrap(frame.payload());
    while (payload.hasRemaining()) {
      settings.put((int) payload.getShort(), payload.getInt());
    }
    return settings;
  }

  @Test
  void streamsBeyondThoseAnnouncedAreRefused() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.awaitClose());
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).server("max-streams-per-user: 500").start();
        Frames frames = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      for (int i = 0; i < 140; i++) {
        frames.post(2 * i + 1, headers);
      }
      Set<Integer> refused = new TreeSet<>();
      while (refused.size() < 12) {
        Frames.Frame reset = frames.next(Frames.RST_STREAM);
        assertEquals(REFUSED_STREAM, reset.number(0));
        refused.add(reset.stream());
      }
      for (int i = 0; i < 128; i++) {
        upstream.await();
      }
      assertEquals(128, upstream.requests().size());
    }
  }

  @Test
  void streamsOfOneUserAreLimitedAcrossConnections() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.awaitClose());
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).server("max-streams-per-user: 5").start();
        Frames one = gate.frames();
        Frames other = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      for (int i = 0; i < 5; i++) {
        one.post(2 * i + 1, headers);
        upstream.await();
      }
      other.post(1, headers);
      Frames.Frame answer = other.next(Frames.DATA);
      assertTrue(new String(answer.payload(), StandardCharsets.UTF_8).contains("too-many-streams"));
      assertEquals(5, upstream.requests().size());
    }
  }

  /// The gate may close before it has read all, so its last word may be lost.
  @Test
  void fault27RequestsThatAreResetAtOnceReachTheUpstreamNoMoreThanAFewTimes() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.running((_, wire) -> wire.awaitClose());
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Frames frames = gate.frames()) {
      byte[] headers = Frames.post(PATH, gate.issuer().tokenFor("user-1"));
      ByteArrayOutputStream flood = new ByteArrayOutputStream();
      for (int stream = 1; stream < 2 * RESETS; stream += 2) {
        flood.writeBytes(Frames.bytes(Frames.HEADERS, Frames.END_HEADERS, stream, headers));
        flood.writeBytes(
            Frames.bytes(Frames.DATA, Frames.END_STREAM, stream, new byte[] {'{', '}'}));
        flood.writeBytes(Frames.bytes(Frames.RST_STREAM, 0, stream, Frames.number(8)));
      }
      assertClosed(frames, flood.toByteArray());
      int reached = upstream.requests().size();
      assertTrue(reached <= 2 * EVENTS_PER_SECOND, () -> reached + " reached the upstream");
      assertEquals(404, gate.browser().get("/nothing").status());
    }
  }

  /// The gate speaks HTTP/2 before the flood comes, which then fits into one read: it closes with
  /// nothing unread, and its last word arrives.
  @ParameterizedTest
  @EnumSource
  void fault27FloodEndsTheConnection(Flood flood) throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "");
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Frames frames = gate.frames()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      frames.next(Frames.SETTINGS);
      bytes.writeBytes(flood.start());
      for (int i = 0; i < FLOOD; i++) {
        bytes.writeBytes(flood.next(2 * i + 1));
      }
      assertEquals(
          ENHANCE_YOUR_CALM, frames.send(bytes.toByteArray()).next(Frames.GOAWAY).number(4));
      frames.wire().readToEnd();
      assertEquals(List.of(), upstream.requests());
    }
  }

  enum Flood {
    RESETS,
    CONTINUATIONS,
    EMPTY_CONTINUATIONS,
    PINGS,
    SETTINGS;

    byte[] start() {
      return switch (this) {
        case CONTINUATIONS, EMPTY_CONTINUATIONS -> Frames.bytes(Frames.HEADERS, 0, 1, MINIMAL);
        case RESETS, PINGS, SETTINGS -> new byte[0];
      };
    }

    byte[] next(int stream) {
      return switch (this) {
        case RESETS -> resetRequest(stream);
        case CONTINUATIONS ->
            Frames.bytes(Frames.CONTINUATION, 0, 1, Frames.block(Map.of("x-a", "b")));
        case EMPTY_CONTINUATIONS -> Frames.bytes(Frames.CONTINUATION, 0, 1, new byte[0]);
        case PINGS -> Frames.bytes(Frames.PING, 0, 0, new byte[8]);
        case SETTINGS -> Frames.bytes(Frames.SETTINGS, 0, 0, new byte[0]);
      };
    }

    private static byte[] resetRequest(int stream) {
      int flags = Frames.END_HEADERS | Frames.END_STREAM;
      byte[] request = Frames.bytes(Frames.HEADERS, flags, stream, MINIMAL);
      byte[] reset = Frames.bytes(Frames.RST_STREAM, 0, stream, Frames.number(8));
      return ByteBuffer.allocate(request.length + reset.length).put(request).put(reset).array();
    }
  }

  @Test
  void fault27HeadersThatNeverEndAreNotCollected() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("text/plain", "");
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Frames frames = gate.frames()) {
      byte[] part = Frames.block(Map.of("x-large", "x".repeat(15 * 1024)));
      ByteArrayOutputStream endless = new ByteArrayOutputStream();
      endless.writeBytes(Frames.bytes(Frames.HEADERS, 0, 1, MINIMAL));
      for (int i = 0; i < EVENTS_PER_SECOND / 2; i++) {
        endless.writeBytes(Frames.bytes(Frames.CONTINUATION, 0, 1, part));
      }
      assertClosed(frames, endless.toByteArray());
      assertEquals(List.of(), upstream.requests());
    }
  }

  private static void assertClosed(Frames frames, byte[] flood) throws IOException {
    try {
      frames.send(flood);
    } catch (SocketException _) {
      // closed in the middle of it, which is the aim
    }
    frames.wire().readToEnd();
  }
}
