package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamTest {
  private static final long SEED = 20261123;
  private static final List<Integer> SIZES =
      List.of(3, 505, 510, 511, 512, 513, 2048, 8185, 8190, 8191, 8192, 8193, 8194, 32768, 70000);

  private final Semaphore arrived = new Semaphore(0);

  /// Everything a careless reader of event streams trips over, cut at the worst places.
  private static List<byte[]> hostileChunks() {
    List<byte[]> chunks = new ArrayList<>();
    chunks.add(new byte[] {(byte) 0xef, (byte) 0xbb});
    chunks.add(new byte[] {(byte) 0xbf, 'd', 'a', 't', 'a', ':'});
    for (byte b : " one\r\ndata: two\rdata: three\n\n\r\r\n\n".getBytes(StandardCharsets.UTF_8)) {
      chunks.add(new byte[] {b});
    }
    chunks.add(new byte[] {0, 0, 'x', 0});
    chunks.add(new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc0, (byte) 0xaf, (byte) 0xed});
    for (byte b : "data: 👩‍👩‍👧 und Ümlaute\n\n".getBytes(StandardCharsets.UTF_8)) {
      chunks.add(new byte[] {b});
    }
    byte[] large = new byte[2 * 1024 * 1024];
    new Random(SEED).nextBytes(large);
    chunks.add(large);
    chunks.add("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    return chunks;
  }

  @ParameterizedTest
  @EnumSource
  void fault20HostileBytesArriveUnchanged(Transport transport) throws Exception {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    hostileChunks().forEach(sent::writeBytes);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              for (byte[] chunk : hostileChunks()) {
                wire.sendChunk(chunk);
              }
              wire.sendLastChunk();
            });
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      byte[] received = gate.browser().post(PATH, Browser.MESSAGE).body();
      assertEquals(sent.size(), received.length);
      assertArrayEquals(sha256(sent.toByteArray()), sha256(received));
    }
  }

  /// Where they are left for the last read, wherever reads before may have ended.
  @Test
  void lineEndAtTheEndOfABodyIsContent() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((request, wire) -> {
              int all = Integer.parseInt(request.line().split("[= ]", -1)[2]);
              String head = "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: ";
              int body = Math.max(2, all - head.length() - "12345\r\n\r\n".length());
              wire.send(head + "%05d\r\n\r\n".formatted(body) + "x".repeat(body - 2) + "\r\n");
            });
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).route("protocol: raw").start()) {
      for (int segments = 0; segments < 12; segments++) {
        int all = segments * 8192 + 2;
        assertTrue(gate.browser().get(PATH + "?all=" + all).text().endsWith("\r\n"), "" + all);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault20EachEventIsWithTheClientBeforeTheUpstreamSendsTheNext(Transport transport)
      throws Exception {
    Semaphore received = new Semaphore(0);
    int events = 50;
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              for (int i = 0; i < events; i++) {
                wire.sendChunk("data: " + i + "\n\n");
                assertTrue(received.tryAcquire(10, TimeUnit.SECONDS), "event did not arrive");
              }
              wire.sendLastChunk();
            });
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      Browser.Events stream = gate.browser().events(PATH, Browser.MESSAGE);
      for (int i = 0; i < events; i++) {
        assertEquals(Integer.toString(i), stream.next());
        received.release();
      }
      assertTrue(stream.endedCleanly());
    }
  }

  /// Also where what was read ends within a chunk, its size or the line end behind it, and after as
  /// many bytes as somebody reads at once. What is sent at first is a chunk and this beginning of
  /// what follows, which is another chunk of one byte.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void fault20WhatIsThereDoesNotWaitForMore(int begun) throws Exception {
    String next = "\r\n1\r\nx\r\n";
    arrivesBeforeTheRest(
        size -> chunkSize(size) + "y".repeat(size) + next.substring(0, begun),
        next.substring(begun),
        "y"::repeat);
  }

  /// What looks like the line end behind a chunk may be in the middle of it.
  @Test
  void fault20LineEndWithinAChunkDoesNotWaitForMore() throws Exception {
    IntFunction<String> line = size -> "y".repeat(size - 2) + "\r\n";
    arrivesBeforeTheRest(size -> chunkSize(size + 1) + line.apply(size), "x\r\n", line);
  }

  /// Sends a beginning for each of the sizes, and the rest, an `x`, once the client has this much.
  private void arrivesBeforeTheRest(
      IntFunction<String> beginning, String rest, IntFunction<String> seen) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              for (int size : SIZES) {
                wire.send(beginning.apply(size));
                assertTrue(
                    arrived.tryAcquire(10, TimeUnit.SECONDS), size + " bytes did not arrive");
                wire.send(rest);
              }
              wire.sendLastChunk();
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Response response = gate.browser().open(PATH, Browser.MESSAGE);
        InputStream body = response.body().byteStream()) {
      for (int size : SIZES) {
        byte[] first = new byte[size];
        assertEquals(size, body.readNBytes(first, 0, size));
        assertEquals(seen.apply(size), ascii(first));
        arrived.release();
        assertEquals('x', body.read());
      }
      assertEquals(-1, body.read());
    }
  }

  @Test
  void whatCameTogetherGoesOnTogether() throws Exception {
    String events = "3\r\n:a\n\r\n".repeat(40);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              assertTrue(arrived.tryAcquire(10, TimeUnit.SECONDS), "no headers");
              wire.send(events);
              assertTrue(arrived.tryAcquire(10, TimeUnit.SECONDS), "not all events");
              wire.sendLastChunk();
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire browser = gate.wire()) {
      browser.send(gate.post(Browser.MESSAGE));
      browser.readHead();
      arrived.release();
      assertEquals(":a\n".repeat(40), ascii(browser.readChunk()));
      arrived.release();
      assertEquals(0, browser.readChunk().length);
    }
  }

  private static String chunkSize(int size) {
    return Integer.toHexString(size) + "\r\n";
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @EnumSource
  void fault20HeadersAreThereBeforeTheFirstByte(Transport transport) throws Exception {
    Semaphore headersSeen = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream());
              assertTrue(headersSeen.tryAcquire(10, TimeUnit.SECONDS), "no headers");
              wire.sendChunk("data: x\n\n").sendLastChunk();
            });
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start();
        Response response = gate.browser().open(PATH, Browser.MESSAGE)) {
      assertEquals(200, response.code());
      assertEquals("text/event-stream", response.header("Content-Type"));
      assertEquals("no-cache, no-transform", response.header("Cache-Control"));
      assertEquals("no", response.header("X-Accel-Buffering"));
      headersSeen.release();
      assertEquals("data: x\n\n", response.body().string());
    }
  }

  /// Bytes that come with the head do not keep it, where none of them is of the body yet.
  @ParameterizedTest
  @CsvSource({
    "'', '7\r\ndata:x\n\r\n0\r\n\r\n'",
    "'7', '\r\ndata:x\n\r\n0\r\n\r\n'",
    "'7\r', '\ndata:x\n\r\n0\r\n\r\n'",
    "'7;x=y\r\n', 'data:x\n\r\n0\r\n\r\n'",
    "'0', '007\r\ndata:x\n\r\n0\r\n\r\n'",
    "'0007\r\nd', 'ata:x\n\r\n0\r\n\r\n'",
    "'7\r\nd', 'ata:x\n\r\n0\r\n\r\n'"
  })
  void fault20HeadersAreThereBeforeTheFirstWholeChunk(String start, String rest) throws Exception {
    Semaphore headersSeen = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream() + start);
              assertTrue(headersSeen.tryAcquire(10, TimeUnit.SECONDS), "no headers");
              wire.send(rest);
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Response response = gate.browser().open(PATH, Browser.MESSAGE)) {
      headersSeen.release();
      assertEquals("data:x\n", response.body().string());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0\r\n", "0\r\nx: y"})
  void fault20HeadersAreThereBeforeTheLastChunk(String start) throws Exception {
    Semaphore headersSeen = new Semaphore(0);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send(ScriptedUpstream.eventStream() + start);
              assertTrue(headersSeen.tryAcquire(10, TimeUnit.SECONDS), "no headers");
              wire.send("0\r\nx: y\r\n\r\n".substring(start.length()));
            });
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Response response = gate.browser().open(PATH, Browser.MESSAGE)) {
      headersSeen.release();
      assertEquals("", response.body().string());
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault21CompressedAnswerIsPassedOnCompressed(Transport transport) throws Exception {
    byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) ->
                wire.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\n")
                    .send(gzip));
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start();
        Response response =
            gate.browser().with("Accept-Encoding", "gzip").open(PATH, Browser.MESSAGE)) {
      assertEquals("gzip", response.header("Content-Encoding"));
      try (InputStream body = response.body().byteStream()) {
        assertArrayEquals(gzip, body.readAllBytes());
      }
      assertEquals("identity", upstream.await().header("Accept-Encoding").orElseThrow());
    }
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
