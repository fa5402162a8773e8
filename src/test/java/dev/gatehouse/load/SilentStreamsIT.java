package dev.gatehouse.load;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged gate with thousands of streams on which nothing is said.
///
/// `-Dbench.streams=9500` opens so many, `-Dbench.silence=60` has them silent for so many seconds,
/// `-Dbench.java=-Xmx1g` starts the gate with options, `-Dbench.route=…` adds a line to its route.
/// Over HTTP/1.1 every stream takes two descriptors of the gate and two of this process.
final class SilentStreamsIT {
  private static final int STREAMS = Integer.getInteger("bench.streams", 200);
  private static final long SILENCE = Long.getLong("bench.silence", 1);
  private static final String OPTIONS = System.getProperty("bench.java", "");
  private static final String ROUTE = System.getProperty("bench.route", "methods: [POST]");

  /// How many are being opened at once, and how many in a second.
  private static final int AT_ONCE = 32;

  private static final int PER_SECOND = 500;
  private static final int ADDRESSES = 50;
  private static final int CHATS = 200;
  private static final int PATIENCE_SECONDS = 120;
  private static final Pattern READY =
      Pattern.compile("gatehouse ready on (http://\\S+) \\(admin (http://\\S+)\\)");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");

  @TempDir private Path folder;

  private final TestIssuer issuer = TestIssuer.start();
  private final Queue<Wire> wires = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final CountDownLatch first = new CountDownLatch(STREAMS);
  private final CountDownLatch second = new CountDownLatch(STREAMS);
  private final CountDownLatch ended = new CountDownLatch(STREAMS);
  private final CountDownLatch never = new CountDownLatch(1);

  private Program serve(SilentAgent agent) throws IOException {
    Files.writeString(
        folder.resolve("gate.yaml"),
        """
        server:
          listen: 127.0.0.1:0
          max-streams: 20000
          max-streams-per-user: 20000
          drain-timeout: 1s
        admin: {listen: '127.0.0.1:0'}
        auth: {issuer: '%s', audience: [agent-api]}
        routes:
          - path: %s
            upstream: %s
            protocol: json
            timeouts: {first-byte: 30s, idle: 1h}
            %s
        """
            .formatted(issuer.issuer(), PATH, agent.uri(), ROUTE));
    List<String> options = OPTIONS.isEmpty() ? List.of() : List.of(OPTIONS.split(" "));
    return Program.start(options, folder, "serve", "--config", "gate.yaml");
  }

  /// One stream from its request to its end.
  private void listen(int number, int port, String token, Semaphore opening) {
    try (Wire wire = Wire.from("127.0.0." + (2 + number % ADDRESSES), port)) {
      wires.add(wire.patience(Duration.ZERO));
      try {
        wire.send(
            """
            POST %s HTTP/1.1\r
            Host: x\r
            Sec-Fetch-Site: same-origin\r
            Cookie: auth_token=%s\r
            Content-Type: application/json\r
            Content-Length: 2\r
            \r
            {}\
            """
                .formatted(PATH, token));
        String head = wire.readHead();
        if (!head.startsWith("HTTP/1.1 200 ")) {
          throw new IOException(head);
        }
        expectEvent(wire);
      } finally {
        opening.release();
      }
      first.countDown();
      expectEvent(wire);
      second.countDown();
      if (wire.readChunk().length > 0) {
        throw new IOException("one event too many");
      }
      ended.countDown();
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    }
  }

  private static void expectEvent(Wire wire) throws IOException {
    String event = new String(wire.readChunk(), StandardCharsets.US_ASCII);
    if (!event.equals(SilentAgent.EVENT)) {
      throw new IOException("instead of an event: " + event);
    }
  }

  private void open(int port, String token) throws InterruptedException {
    Semaphore opening = new Semaphore(AT_ONCE);
    for (int i = 0; i < STREAMS; i++) {
      int number = i;
      opening.acquire();
      Thread.ofVirtual().start(() -> listen(number, port, token, opening));
      pause(1_000_000_000L / PER_SECOND);
    }
  }

  private void pause(long nanos) throws InterruptedException {
    assertTrue(!never.await(nanos, TimeUnit.NANOSECONDS));
  }

  private void await(String what, CountDownLatch all) throws Exception {
    for (int i = 0; i < PATIENCE_SECONDS; i++) {
      Exception failed = failure.get();
      if (failed != null) {
        throw new AssertionError(what + " " + (STREAMS - all.getCount()), failed);
      }
      if (all.await(1, TimeUnit.SECONDS)) {
        return;
      }
    }
    throw new AssertionError(what + " " + (STREAMS - all.getCount()) + " of " + STREAMS);
  }

  private static Latencies chats(Browser browser) {
    Latencies latencies = new Latencies();
    for (int i = 0; i < CHATS; i++) {
      long start = System.nanoTime();
      assertEquals(SilentAgent.EVENT, browser.post(PATH, SilentAgent.SHORT).text());
      latencies.add(System.nanoTime() - start);
    }
    return latencies;
  }

  private static long residentKilobytes(Program program) throws IOException {
    Matcher resident =
        RESIDENT.matcher(Files.readString(Path.of("/proc/" + program.pid() + "/status")));
    assertTrue(resident.find());
    return Long.parseLong(resident.group(1));
  }

  private static boolean isOpen(Browser operator, int streams) {
    operator.hangUp(); // rather than use a connection that was idle for too long
    String metrics = operator.get("/metrics").text();
    return metrics.contains("gatehouse_streams_open{route=\"%s\"} %d.0".formatted(PATH, streams));
  }

  @Test
  void thousandsOfSilentStreamsLiveAndCostLittle() throws Exception {
    try (SilentAgent agent = SilentAgent.start();
        Program program = serve(agent)) {
      Matcher ready = READY.matcher(program.nextLine());
      assertTrue(ready.matches());
      URI gate = URI.create(ready.group(1));
      Browser operator = Browser.at(URI.create(ready.group(2)));
      Await.that("ready", () -> operator.get("/readyz").status() == 200);
      String token = issuer.tokenFor("user-1");
      Browser browser = Browser.at(gate).signedInWith(token);
      chats(browser);
      Latencies without = chats(browser);
      long before = residentKilobytes(program);
      long start = System.nanoTime();
      open(gate.getPort(), token);
      await("streams with a first event:", first);
      long opened = System.nanoTime() - start;
      Await.that("all are open", () -> isOpen(operator, STREAMS));
      pause(TimeUnit.SECONDS.toNanos(SILENCE));
      long with = residentKilobytes(program);
      Latencies beside = chats(browser);
      agent.speak();
      await("streams with a second event:", second);
      agent.finish();
      await("streams that ended well:", ended);
      Await.that("none is open", () -> isOpen(operator, 0));
      System.out.printf(
          Locale.ROOT,
          "silent streams: %d opened in %.1f s, silent for %d s; options '%s', route '%s'%n"
              + "  gate: %d MB resident before, %d MB with them, %.1f kB per stream%n"
              + "  a chat: without them %s; beside them %s%n",
          STREAMS,
          opened / 1e9,
          SILENCE,
          OPTIONS,
          ROUTE,
          before / 1024,
          with / 1024,
          (double) (with - before) / STREAMS,
          without,
          beside);
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
      issuer.close();
    }
  }
}
