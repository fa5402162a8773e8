package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Frames;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import okhttp3.internal.http2.StreamResetException;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How an exchange ends over HTTP/2, where other exchanges share the connection.
final class Http2EndingTest {
  private static final Duration NOTICED = Duration.ofSeconds(1);
  private static final String FIRST = PATH + "?n=first";
  private static final String SECOND = PATH + "?n=second";
  private static final String EVENT = "data: 1\n\n";

  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final Semaphore goOn = new Semaphore(0);

  /// Sends one event and falls silent; the second one goes on when it is told to.
  private ScriptedUpstream silent() {
    return ScriptedUpstream.running((request, wire) -> {
      wire.send(ScriptedUpstream.eventStream()).sendChunk(EVENT);
      if (request.line().contains("second") && goOn.tryAcquire(10, TimeUnit.SECONDS)) {
        wire.sendChunk(EVENT).sendLastChunk();
      } else {
        wire.awaitClose();
        closed.add(request.line());
      }
    });
  }

  private void assertClosed(String query, long since) throws InterruptedException {
    String line = closed.poll(10, TimeUnit.SECONDS);
    Duration taken = Duration.ofNanos(System.nanoTime() - since);
    assertTrue(line != null && line.contains(query), "closed: " + line);
    assertTrue(taken.compareTo(NOTICED) < 0, taken::toString);
  }

  @ParameterizedTest
  @EnumSource(names = {"H2C", "H2"})
  void fault09StreamThatIsResetInASilenceCancelsItsUpstreamAndNoOther(Transport transport)
      throws Exception {
    try (ScriptedUpstream upstream = silent();
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      Browser browser = gate.browser();
      Call leaving = browser.call(FIRST, Browser.MESSAGE);
      try (Response first = leaving.execute();
          Response second = browser.open(SECOND, Browser.MESSAGE)) {
        assertEquals(EVENT, first.body().source().readUtf8(EVENT.length()));
        BufferedSource sibling = second.body().source();
        assertEquals(EVENT, sibling.readUtf8(EVENT.length()));
        long left = System.nanoTime();
        leaving.cancel();
        assertClosed("first", left);
        assertEquals("client-closed", log.next().get("outcome"));
        goOn.release();
        assertEquals(EVENT, sibling.readUtf8());
        assertEquals("completed", log.next().get("outcome"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2C", "H2"})
  void fault09StreamThatIsResetBeforeTheFirstByteCancelsItsUpstream(Transport transport)
      throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((request, wire) -> {
              wire.awaitClose();
              closed.add(request.line());
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      Call leaving = gate.browser().call(FIRST, Browser.MESSAGE);
      CompletableFuture<Throwable> failure = failureOf(leaving);
      upstream.await();
      long left = System.nanoTime();
      leaving.cancel();
      assertClosed("first", left);
      assertEquals("client-closed", log.next().get("outcome"));
      assertInstanceOf(IOException.class, failure.get(10, TimeUnit.SECONDS));
    }
  }

  private static CompletableFuture<Throwable> failureOf(Call call) {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException e) {
            failure.complete(e);
          }

          @Override
          public void onResponse(Call answered, Response response) {
            response.close();
            failure.complete(new AssertionError("answered: " + response));
          }
        });
    return failure;
  }

  @ParameterizedTest
  @EnumSource(names = {"H2C", "H2"})
  void connectionThatIsLostCancelsAllItsUpstreams(Transport transport) throws Exception {
    for (boolean reset : new boolean[] {false, true}) {
      try (ScriptedUpstream upstream = silent();
          RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start();
          Frames frames = gate.frames()) {
        String token = gate.issuer().tokenFor("user-1");
        frames.post(1, Frames.post(FIRST, token)).post(3, Frames.post(FIRST, token));
        frames.next(Frames.DATA);
        frames.next(Frames.DATA);
        long left = System.nanoTime();
        if (reset) {
          frames.wire().reset();
        } else {
          frames.wire().drop();
        }
        assertClosed("first", left);
        assertClosed("first", left);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2C", "H2"})
  void upstreamThatBreaksIsAStreamThatIsResetAndNoOther(Transport transport) throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((request, wire) -> {
              wire.send(ScriptedUpstream.eventStream()).sendChunk(EVENT);
              assertTrue(goOn.tryAcquire(10, TimeUnit.SECONDS));
              if (request.line().contains("second")) {
                wire.sendLastChunk();
              } else {
                wire.close();
              }
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate = RunningGatehouse.towards(upstream.uri()).over(transport).start()) {
      Browser browser = gate.browser();
      try (Response first = browser.open(FIRST, Browser.MESSAGE);
          Response second = browser.open(SECOND, Browser.MESSAGE)) {
        BufferedSource broken = first.body().source();
        assertEquals(EVENT, broken.readUtf8(EVENT.length()));
        BufferedSource whole = second.body().source();
        assertEquals(EVENT, whole.readUtf8(EVENT.length()));
        goOn.release(2);
        assertThrows(StreamResetException.class, broken::readByte);
        assertEquals("", whole.readUtf8());
        assertOutcomes(log, "upstream-failed", "completed");
      }
    }
  }

  private static void assertOutcomes(LogCapture log, String one, String other) throws Exception {
    Object first = log.next().get("outcome");
    Object second = log.next().get("outcome");
    assertEquals(Set.of(one, other), Set.of(first, second));
  }

  @Test
  void answerShorterThanAnnouncedIsReset() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((_, wire) -> {
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnine byte");
              wire.close();
            });
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri()).over(Transport.H2C).start();
        Frames frames = gate.frames()) {
      frames.post(1, Frames.post(PATH, gate.issuer().tokenFor("user-1")));
      Frames.Frame frame = frames.next();
      while (frame.type() != Frames.RST_STREAM) {
        assertFalse(frame.type() == Frames.DATA && frame.has(Frames.END_STREAM), "clean end");
        frame = frames.next();
      }
    }
  }

  /// The browser's window is 64 KiB and never grows, so the gate is stuck in a write.
  @ParameterizedTest
  @EnumSource(names = {"H2C", "H2"})
  void browserThatTakesNothingLosesThatStreamAndNoOther(Transport transport) throws Exception {
    byte[] chunk = new byte[16 * 1024];
    try (ScriptedUpstream upstream =
            ScriptedUpstream.running((request, wire) -> {
              if (request.line().contains("second")) {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                return;
              }
              wire.send(ScriptedUpstream.eventStream());
              for (int i = 0; i < 10_000; i++) {
                wire.sendChunk(chunk);
              }
            });
        LogCapture log = LogCapture.access();
        RunningGatehouse gate =
            RunningGatehouse.towards(upstream.uri())
                .over(transport)
                .route("timeouts: {idle: 500ms}")
                .start();
        Frames frames = gate.frames()) {
      String token = gate.issuer().tokenFor("user-1");
      frames.post(1, Frames.post(FIRST, token));
      frames.next(Frames.RST_STREAM, 1);
      assertEquals("client-closed", log.next().get("outcome"));
      byte[] ping = {1, 2, 3, 4, 5, 6, 7, 8};
      assertArrayEquals(ping, frames.send(Frames.PING, 0, 0, ping).next(Frames.PING).payload());
      frames.post(3, Frames.post(SECOND, token));
      assertEquals(3, frames.next(Frames.HEADERS).stream());
    }
  }
}
