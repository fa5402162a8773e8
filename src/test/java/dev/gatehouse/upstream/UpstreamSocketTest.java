package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A socket between two ends of this process.
final class UpstreamSocketTest {
  private static final byte[] NOTHING = {};

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

  @Test
  void everyByteIsReadOnceAndInOrder() throws Exception {
    byte[] sent = bytes(3_000_000);
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(() -> {
          try {
            for (int at = 0; at < sent.length; ) {
              int length = Math.min(1 + random.nextInt(20_000), sent.length - at);
              theirs.getOutputStream().write(sent, at, length);
              at += length;
            }
            theirs.shutdownOutput();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    Random lengths = new Random(1);
    byte[] received = new byte[sent.length];
    int at = 0;
    while (at < received.length) {
      int length =
          Math.min(1 + lengths.nextInt(lengths.nextBoolean() ? 20 : 12_000), sent.length - at);
      at += Math.max(ours.getInputStream().read(received, at, length), 0);
      int again = Math.min(at, lengths.nextInt(3));
      if (at < sent.length && ours.received().isEmpty()) {
        ours.received().await(Arrays.copyOfRange(received, at - again, at));
        at -= again;
      }
    }
    sender.get();
    assertArrayEquals(sent, received);
    assertEquals(-1, ours.getInputStream().read());
    assertEquals(-1, ours.getInputStream().read());
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
    ours.received().await(NOTHING);
    assertFalse(ours.isSilent()); // read ahead
    assertEquals(2, ours.getInputStream().readNBytes(2).length);
    assertTrue(ours.isSilent());
    theirs.close();
    ours.received().await(NOTHING);
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
}
