package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that trickle: what comes is sent on by whoever sees it come, as long as it is a chunk as
/// everybody writes it, and else by a thread that may wait for the rest of it.
final class SilentStreamTest {
  /// No more than the browser's HTTP client has open at a time.
  private static final int STREAMS = 5;

  private final Random random = new Random(20261129);

  /// A piece of what an agent sends, and how much of the body the browser has to have after it.
  ///
  /// @param latin its bytes, as characters
  private record Piece(String latin, int body) {
    byte[] bytes() {
      return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private static String chunk(int form, String event) {
    int length = event.getBytes(StandardCharsets.UTF_8).length;
    String size =
        switch (form % 4) {
          case 0 -> Integer.toHexString(length);
          case 1 -> "%X".formatted(length);
          case 2 -> "000" + Integer.toHexString(length);
          default -> Integer.toHexString(length) + ";of=\"agent\"";
        };
    return size + "\r\n" + event + "\r\n";
  }

  /// Some chunks come whole, some cut once, and some two at once.
  private List<Piece> pieces(ByteArrayOutputStream body) {
    List<Piece> pieces = new ArrayList<>();
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      String event =
          "data: " + "ü".repeat(1 + random.nextInt(i % 9 == 0 ? 40_000 : 90)) + i + "\n\n";
      byte[] bytes = chunk(i, event).getBytes(StandardCharsets.UTF_8);
      int before = body.size();
      body.writeBytes(event.getBytes(StandardCharsets.UTF_8));
      if (i % 3 == 1) {
        int cut = random.nextInt(bytes.length);
        held.write(bytes, 0, cut);
        pieces.add(new Piece(held.toString(StandardCharsets.ISO_8859_1), before));
        held.reset();
        held.write(bytes, cut, bytes.length - cut);
      } else {
        held.writeBytes(bytes);
      }
      if (i % 5 != 4) {
        pieces.add(new Piece(held.toString(StandardCharsets.ISO_8859_1), body.size()));
        held.reset();
      }
    }
    held.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    pieces.add(new Piece(held.toString(StandardCharsets.ISO_8859_1), body.size()));
    return pieces;
  }

  @ParameterizedTest
  @EnumSource
  void everyChunkArrivesHoweverItIsWrittenAndCut(Transport transport) throws Exception {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    List<Piece> pieces = pieces(expected);
    Semaphore received = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              int before = 0;
              for (Piece piece : pieces) {
                wire.send(piece.bytes());
                assertTrue(
                    received.tryAcquire(piece.body() - before, 20, TimeUnit.SECONDS),
                    "it is not passed on");
                before = piece.body();
              }
            });
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("heartbeat: 0s")
                .start();
        Response answer = gate.browser().waiting().open(PATH, Browser.MESSAGE)) {
      assertArrayEquals(expected.toByteArray(), bytes(answer, received));
    }
  }

  /// All of the body.
  ///
  /// @param received is told of each byte as soon as it is there
  private static byte[] bytes(Response answer, Semaphore received) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    InputStream in = answer.body().byteStream();
    byte[] buffer = new byte[4096];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      body.write(buffer, 0, length);
      received.release(length);
    }
    return body.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "TLS_HTTP_1"})
  void browserThatReadsLateGetsEverything(Transport transport) throws Exception {
    int events = 1_500;
    AtomicInteger sent = new AtomicInteger();
    Semaphore first = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.narrow(16 * 1024).send(ScriptedUpstream.eventStream());
              for (int i = 0; i < events; i++) {
                wire.sendChunk("data: %0500d\n\n".formatted(i));
                if (sent.incrementAndGet() <= 20) {
                  first.acquire();
                }
              }
              wire.sendLastChunk();
            });
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("heartbeat: 0s")
                .start();
        Wire wire = gate.wire().narrow(16 * 1024)) {
      wire.send(gate.post("{}"));
      wire.readHead();
      StringBuilder seen = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < events; i++) {
        expected.append("data: %0500d\n\n".formatted(i));
        if (i < 20) {
          readUpTo(expected.length(), wire, seen);
          first.release();
        }
      }
      Await.that("much is under way", () -> sent.get() > 150);
      readUpTo(expected.length(), wire, seen);
      assertEquals(expected.toString(), seen.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void eventsThatComeOneByOneAreCounted(Transport transport) throws Exception {
    Semaphore received = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              for (int i = 0; i < 20; i++) {
                wire.sendChunk("data: 1\n\n");
                assertTrue(received.tryAcquire(9, 20, TimeUnit.SECONDS), "it is not passed on");
              }
              wire.sendChunk("data: 2\n\n".repeat(10_000)).sendLastChunk();
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start();
        Response answer = gate.browser().waiting().open(PATH, Browser.MESSAGE)) {
      long bytes = bytes(answer, received).length;
      assertEquals(20 * 9 + 10_000 * 9, bytes);
      assertEquals(bytes, log.next().get("bytesOut"));
      gate.awaitMetric("gatehouse_relayed_bytes_total{route=\"" + PATH + "\"} " + (double) bytes);
    }
  }

  private static void readUpTo(int length, Wire wire, StringBuilder seen) throws IOException {
    while (seen.length() < length) {
      seen.append(new String(wire.readChunk(), StandardCharsets.US_ASCII));
    }
  }

  /// Its connection may be another's before the answer has passed.
  @Test
  void headOfAStreamIsNoStream() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((request, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              if (!request.line().startsWith("HEAD ")) {
                wire.sendChunk("data: 1\n\n").sendLastChunk();
              }
            });
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("protocol: raw").start()) {
      for (int i = 0; i < 10; i++) {
        assertEquals(200, gate.browser().send("HEAD", PATH, null).status());
        assertEquals("data: 1\n\n", gate.browser().get(PATH).text());
      }
    }
  }

  /// Where the line of a chunk has to end there is something else, which OkHttp does not look at.
  /// Neither the threads that wait for all nor a connection that is free is left in its hands.
  @ParameterizedTest
  @ValueSource(strings = {"5\r\na", "abc\r\n0\r\n\r\n", "a\r\n\r\nb", "\r\n1"})
  void chunkThatIsNotEndedHoldsNobodyElseUp(String instead) throws Exception {
    int wrong = STREAMS - 1;
    AtomicInteger asked = new AtomicInteger();
    Semaphore received = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              boolean isWrong = asked.incrementAndGet() <= wrong;
              wire.send(ScriptedUpstream.eventStream()).send("9\r\ndata: 1\n\n");
              received.acquire();
              if (isWrong) {
                wire.send(instead);
              } else {
                wire.send("\r\n").sendChunk("data: 2\n\n").sendLastChunk();
              }
            });
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("heartbeat: 0s").start()) {
      List<Browser.Events> streams = new ArrayList<>();
      for (int i = 0; i < wrong; i++) {
        streams.add(gate.browser().events(PATH, Browser.MESSAGE));
        assertEquals("1", streams.getLast().next());
        received.release();
      }
      for (int i = 0; i < 2 * wrong; i++) {
        Browser.Events stream = gate.browser().events(PATH, Browser.MESSAGE);
        assertEquals("1", stream.next());
        received.release();
        assertEquals("2", stream.next());
        assertTrue(stream.endedCleanly());
      }
    }
  }

  @Test
  void silentStreamHasNoThread(@TempDir Path folder) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
              over.await(60, TimeUnit.SECONDS); // longer than what is waited for below
              wire.sendChunk("data: 2\n\n").sendLastChunk();
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream)) {
      List<Browser.Events> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        streams.add(gate.browser().events(PATH, Browser.MESSAGE));
        assertEquals("1", streams.getLast().next());
      }
      Await.that(
          () -> "no thread is in a relay: " + relays(folder), () -> relays(folder).isEmpty());
      over.countDown();
      for (Browser.Events stream : streams) {
        assertEquals("2", stream.next());
        assertTrue(stream.endedCleanly());
      }
    }
  }

  /// Every line in a dump of all threads that is about a relay.
  private static List<String> relays(Path folder) {
    Path file = folder.resolve("threads-" + System.nanoTime());
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      List<String> lines = Files.readAllLines(file);
      assertTrue(lines.toString().contains(SilentStreamTest.class.getName()), "this is a dump");
      return lines.stream()
          .filter(line -> line.contains("dev.gatehouse.relay."))
          .filter(line -> !line.contains(SilentStreamTest.class.getName()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
