package dev.gatehouse.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.FaultProxy.Faults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every fault is what it says: what the tests behind a [FaultProxy] find is worth no more than
/// that.
final class FaultProxyTest {
  private static final byte[] TEN = "0123456789".getBytes(StandardCharsets.US_ASCII);
  private static final int PATIENCE_MILLIS = 20_000;

  private final ServerSocket server = listening();
  private final List<Socket> ends = new ArrayList<>();

  private static ServerSocket listening() {
    try {
      return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() throws IOException {
    for (Socket end : ends) {
      end.close();
    }
    server.close();
  }

  private FaultProxy proxy(Fault up, Fault down) throws IOException {
    FaultProxy proxy =
        FaultProxy.before(
            URI.create("http://127.0.0.1:" + server.getLocalPort() + "/x"),
            _ -> new Faults(up, down));
    ends.add(new Socket(InetAddress.getLoopbackAddress(), proxy.uri().getPort()));
    ends.add(server.accept());
    for (Socket end : ends) {
      end.setSoTimeout(PATIENCE_MILLIS);
    }
    return proxy;
  }

  private Socket client() {
    return ends.get(0);
  }

  private Socket target() {
    return ends.get(1);
  }

  private static byte[] read(Socket socket, int length) throws IOException {
    return socket.getInputStream().readNBytes(length);
  }

  private static void awaitNone(FaultProxy proxy) {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (proxy.open() > 0) {
      assertTrue(System.nanoTime() < deadline, "the proxy holds a connection");
      Thread.onSpinWait();
    }
  }

  @Test
  void withoutAFaultEverythingPassesAndEndsAsItWasEnded() throws Exception {
    try (FaultProxy proxy = proxy(Fault.NONE, Fault.NONE)) {
      assertEquals("/x", proxy.uri().getPath());
      client().getOutputStream().write(TEN);
      client().shutdownOutput();
      assertArrayEquals(TEN, target().getInputStream().readAllBytes());
      target().getOutputStream().write(TEN);
      assertArrayEquals(TEN, read(client(), 10));
      assertEquals(1, proxy.open());
      target().close();
      assertEquals(-1, client().getInputStream().read());
      awaitNone(proxy);
      assertEquals(0, proxy.broken());
    }
  }

  @Test
  void finComesAfterExactlySoManyBytesAndIsNoReset() throws Exception {
    try (FaultProxy proxy = proxy(Fault.NONE, Fault.finAfter(4))) {
      target().getOutputStream().write(TEN);
      assertEquals("0123", new String(read(client(), 10), StandardCharsets.US_ASCII));
      client().close();
      awaitNone(proxy);
      assertEquals(1, proxy.broken());
    }
  }

  @Test
  void resetIsAResetForBoth() throws Exception {
    try (FaultProxy _ = proxy(Fault.resetAfter(4), Fault.NONE)) {
      client().getOutputStream().write(TEN);
      assertThrows(SocketException.class, () -> read(client(), 1));
      assertThrows(SocketException.class, () -> read(target(), 10));
    }
  }

  @Test
  void stallIsSilenceInOneDirectionOnly() throws Exception {
    try (FaultProxy proxy = proxy(Fault.stallAfter(4), Fault.NONE)) {
      client().getOutputStream().write(TEN);
      assertEquals("0123", new String(read(target(), 4), StandardCharsets.US_ASCII));
      target().setSoTimeout(300);
      assertThrows(SocketTimeoutException.class, () -> read(target(), 1));
      target().getOutputStream().write(TEN);
      assertArrayEquals(TEN, read(client(), 10));
      target().close();
      assertEquals(-1, client().getInputStream().read());
      awaitNone(proxy);
    }
  }

  @Test
  void slicesComeOneByOneAtTheSpeedThatWasAskedFor() throws Exception {
    try (FaultProxy _ = proxy(Fault.NONE.sliced(1).throttled(20), Fault.NONE)) {
      long start = System.nanoTime();
      client().getOutputStream().write(TEN, 0, 5);
      assertEquals(1, target().getInputStream().read(new byte[10]));
      assertEquals("1234", new String(read(target(), 4), StandardCharsets.US_ASCII));
      assertTrue(System.nanoTime() - start >= 200_000_000, "five bytes at 20 a second");
    }
  }

  @Test
  void delayComesBeforeTheFirstByte() throws Exception {
    try (FaultProxy _ = proxy(Fault.NONE, Fault.NONE.delayed(Duration.ofMillis(300)))) {
      long start = System.nanoTime();
      target().getOutputStream().write(TEN);
      assertArrayEquals(TEN, read(client(), 10));
      assertTrue(System.nanoTime() - start >= 300_000_000, "it came too early");
    }
  }

  @Test
  void droppedConnectionsAreClosedForBoth() throws Exception {
    try (FaultProxy proxy = proxy(Fault.NONE, Fault.NONE)) {
      client().getOutputStream().write(TEN);
      read(target(), 10);
      proxy.drop();
      assertEquals(0, proxy.open());
      assertEquals(-1, client().getInputStream().read());
      assertEquals(-1, target().getInputStream().read());
    }
  }

  @Test
  void sameSeedBringsTheSameFaults() {
    assertEquals(draw(1), draw(1));
    assertNotEquals(draw(1), draw(2));
  }

  private static List<Faults> draw(long seed) {
    FaultProxy.Script script = FaultProxy.Script.seeded(seed, FaultProxyTest::anyFin);
    return IntStream.range(0, 10).mapToObj(script::of).toList();
  }

  private static Faults anyFin(Random random) {
    return new Faults(Fault.NONE, Fault.finAfter(random.nextInt(1000)));
  }
}
