package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A socket between two ends of this process.
final class UpstreamSocketTest {
  private final Random random = new Random(20261128);
  private UpstreamSocket ours;
  private Socket theirs;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ours = new UpstreamSocket(SocketChannel.open());
      ours.connect(server.getLocalSocketAddress());
      theirs = server.accept();
    }
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    theirs.close();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Sends all of it in pieces, and then the end, on a thread of its own.
  private CompletableFuture<Void> send(byte[] bytes) {
    return CompletableFuture.runAsync(() -> {
      try {
        for (int at = 0; at < bytes.length; ) {
          int length = Math.min(1 + random.nextInt(20_000), bytes.length - at);
          theirs.getOutputStream().write(bytes, at, length);
          at += length;
        }
        theirs.shutdownOutput();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void everyByteIsReadOnceAndInOrder() throws Exception {
    byte[] sent = bytes(3_000_000);
    CompletableFuture<Void> sender = send(sent);
    Random lengths = new Random(1);
    byte[] received = new byte[sent.length];
    int at = 0;
    while (at < received.length) {
      int length =
          Math.min(1 + lengths.nextInt(lengths.nextBoolean() ? 20 : 12_000), sent.length - at);
      at += Math.max(ours.getInputStream().read(received, at, length), 0);
      int again = Math.min(at, lengths.nextInt(3));
      if (at < sent.length && ours.received().isEmpty()) {
        ours.received().putBack(Arrays.copyOfRange(received, at - again, at));
        ours.received().await();
        at -= again;
      }
    }
    sender.get();
    assertArrayEquals(sent, received);
    assertEquals(-1, ours.getInputStream().read());
    assertEquals(-1, ours.getInputStream().read());
  }

  /// Who has it may be about to send it still.
  @Test
  void whatWasLentStaysAsItIsWhileOthersRead() throws Exception {
    byte[] sent = bytes(300_000);
    CompletableFuture<Void> sender = send(sent);
    ReadAhead received = ours.received();
    byte[] start = ours.getInputStream().readNBytes(150_000);
    while (received.isEmpty()) {
      assertTrue(received.await());
    }
    ByteBuffer lent = received.unread();
    received.lend(lent.remaining());
    byte[] rest = ours.getInputStream().readAllBytes();
    sender.get();
    assertEquals(sent.length, start.length + lent.remaining() + rest.length);
    assertEquals(ByteBuffer.wrap(sent, start.length, lent.remaining()), lent);
  }

  @Test
  void readsAheadWhereMoreIsThere() throws Exception {
    byte[] sent = bytes(60_000);
    AtomicInteger waits = new AtomicInteger();
    theirs.getOutputStream().write(sent);
    theirs.shutdownOutput();
    assertArrayEquals(
        sent,
        ScopedValue.where(ReadAhead.BEFORE_WAIT, waits::incrementAndGet)
            .call(() -> inPieces(ours.getInputStream(), sent.length)));
    assertTrue(waits.get() < 60, waits + " times something was read for 6,000 pieces");
    int before = waits.get();
    assertEquals(-1, ours.getInputStream().read());
    assertEquals(before, waits.get());
  }

  private static byte[] inPieces(InputStream in, int length) throws IOException {
    byte[] received = new byte[length];
    for (int at = 0; at < length; at += 10) {
      assertEquals(10, in.readNBytes(received, at, 10));
    }
    return received;
  }

  @Test
  void isSilentUntilSomethingComes() throws Exception {
    assertTrue(ours.isSilent());
    theirs.getOutputStream().write(bytes(2));
    ours.received().await();
    assertFalse(ours.isSilent()); // read ahead
    assertEquals(2, ours.getInputStream().readNBytes(2).length);
    assertTrue(ours.isSilent());
    theirs.close();
    ours.received().await();
    assertFalse(ours.isSilent()); // ended
  }

  @Test
  void waitsNoLongerThanItMay() throws Exception {
    ours.setSoTimeout(1);
    assertThrows(SocketTimeoutException.class, () -> ours.getInputStream().read());
    ours.setSoTimeout(0);
    theirs.getOutputStream().write(7);
    assertEquals(7, ours.getInputStream().read());
  }

  @Test
  void closesWhatNobodyConnected() throws Exception {
    SocketChannel channel = SocketChannel.open();
    new UpstreamSocket(channel).close();
    assertFalse(channel.isOpen());
  }

  @Test
  void readThatWaitsEndsWhenItIsClosed() throws Exception {
    CompletableFuture<Void> reading = new CompletableFuture<>();
    Thread closer =
        Thread.startVirtualThread(() -> {
          reading.join();
          try {
            ours.close();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThrows(
        IOException.class,
        () ->
            ScopedValue.where(ReadAhead.BEFORE_WAIT, () -> reading.complete(null))
                .call(() -> ours.getInputStream().read()));
    closer.join();
  }

  @Test
  void whoeverWaitsForOthersMustNotWait() throws Exception {
    CompletableFuture<Exception> refused = new CompletableFuture<>();
    assertTrue(
        ours.received()
            .carry(
                () -> {
                  refused.complete(
                      assertThrows(
                          IllegalStateException.class, () -> ours.getInputStream().skip(9)));
                  return false;
                },
                () -> {}));
    theirs.getOutputStream().write(7);
    assertInstanceOf(IllegalStateException.class, refused.get(20, TimeUnit.SECONDS));
  }

  @Test
  void carriesUntilThatIsNoMoreWanted() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    AtomicInteger steps = new AtomicInteger();
    InputStream in = ours.getInputStream();
    assertTrue(
        ours.received()
            .carry(
                () -> {
                  try {
                    seen.add("step " + in.read());
                    return steps.incrementAndGet() < 3;
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                },
                () -> seen.add("then")));
    for (int i = 0; i < 3; i++) {
      theirs.getOutputStream().write(i);
      assertEquals("step " + i, seen.poll(20, TimeUnit.SECONDS));
    }
    assertEquals("then", seen.poll(20, TimeUnit.SECONDS));
    theirs.getOutputStream().write(7);
    assertEquals(7, in.read());
    assertTrue(seen.isEmpty());
  }

  /// Many servers send it on its own, behind the chunk that it ends.
  @Test
  void endOfALineThatCameBeforeIsCarriedWithWhatFollows() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    receiveBefore("\r\n");
    ReadAhead received = ours.received();
    assertTrue(
        received.carry(
            () -> {
              String all = StandardCharsets.US_ASCII.decode(received.unread()).toString();
              received.lend(all.length());
              return seen.add(all);
            },
            () -> {}));
    theirs.getOutputStream().write("a\r\n0".getBytes(StandardCharsets.US_ASCII));
    assertEquals("\r\na\r\n0", seen.poll(20, TimeUnit.SECONDS));
  }

  /// Who wanted to go on may wait then.
  @Test
  void carryingEndsWhereMoreThanTheEndOfALineIsLeft() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    ReadAhead received = ours.received();
    assertTrue(
        received.carry(
            () -> {
              received.lend(1);
              return seen.add("step");
            },
            () -> seen.add("then")));
    theirs.getOutputStream().write("a\r\n".getBytes(StandardCharsets.US_ASCII));
    assertEquals("step", seen.poll(20, TimeUnit.SECONDS));
    theirs.getOutputStream().write("b\r\nc".getBytes(StandardCharsets.US_ASCII));
    assertEquals("step", seen.poll(20, TimeUnit.SECONDS));
    assertEquals("then", seen.poll(20, TimeUnit.SECONDS));
    theirs.close();
    assertEquals(
        "\nb\r\nc", new String(ours.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
  }

  @Test
  void whatElseCameBeforeIsNotCarried() throws Exception {
    receiveBefore("\r\na\r\n0");
    assertFalse(ours.received().carry(() -> true, () -> {}));
    theirs.close();
    assertEquals(
        "\r\na\r\n0", new String(ours.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
  }

  @Test
  void endThatCameBeforeIsNotCarried() throws Exception {
    receiveBefore("");
    assertFalse(ours.received().carry(() -> true, () -> {}));
    assertEquals(-1, ours.getInputStream().read());
  }

  /// Has it, or the end if it is empty, come while nobody waits.
  private void receiveBefore(String bytes) throws Exception {
    theirs.getOutputStream().write(7);
    assertEquals(7, ours.getInputStream().read());
    if (bytes.isEmpty()) {
      theirs.close();
    } else {
      theirs.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    }
    Await.that("it has come", () -> ours.received().wire().isOverdue());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void carryingEndsWithTheConnection(boolean byThem) throws Exception {
    CompletableFuture<Boolean> then = new CompletableFuture<>();
    assertTrue(
        ours.received()
            .carry(
                () -> then.completeExceptionally(new AssertionError()), () -> then.complete(true)));
    if (byThem) {
      theirs.close();
    } else {
      ours.close();
    }
    assertTrue(then.get(20, TimeUnit.SECONDS));
    if (byThem) {
      assertEquals(-1, ours.getInputStream().read());
    } else {
      assertThrows(IOException.class, () -> ours.getInputStream().read());
      assertThrows(IOException.class, () -> ours.received().carry(() -> true, () -> {}));
    }
  }

  @Test
  void stepThatFailsEndsTheConnection() throws Exception {
    CompletableFuture<Boolean> then = new CompletableFuture<>();
    assertTrue(
        ours.received()
            .carry(
                () -> {
                  throw new IllegalStateException("on purpose");
                },
                () -> then.complete(true)));
    theirs.getOutputStream().write(7);
    assertTrue(then.get(20, TimeUnit.SECONDS));
    assertEquals(-1, theirs.getInputStream().read());
    assertEquals(7, ours.getInputStream().read()); // what had come
    assertThrows(IOException.class, () -> ours.getInputStream().read());
  }

  @Test
  void writesMoreThanTheSystemHolds() throws Exception {
    byte[] sent = bytes(20_000_000);
    CompletableFuture<byte[]> received =
        CompletableFuture.supplyAsync(() -> {
          try {
            return theirs.getInputStream().readNBytes(sent.length);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    ours.getOutputStream().write(sent);
    assertArrayEquals(sent, received.get(20, TimeUnit.SECONDS));
  }

  @Test
  void writeThatWaitsEndsWhenItIsClosed() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread writer =
        Thread.startVirtualThread(() -> {
          try {
            ours.getOutputStream().write(bytes(50_000_000));
            failure.complete(new AssertionError("all of it was taken"));
          } catch (IOException e) {
            failure.complete(e);
          }
        });
    assertEquals(1, theirs.getInputStream().readNBytes(1).length);
    ours.close();
    assertInstanceOf(IOException.class, failure.get(20, TimeUnit.SECONDS));
    writer.join();
  }
}
