package dev.gatehouse.load;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.FaultProxy.Faults;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Transport;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/// 200 clients that come and go at random leave no connection to the agent, no thread and no
/// descriptor behind, and no stream open.
///
/// `-Dcrowd.seconds=60` lets them do so for a minute.
final class ComingAndGoingTest {
  private static final int CLIENTS = 200;
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("crowd.seconds", 5));
  private static final int WARM_UP = 5 * CLIENTS;
  private static final int MOST_MILLIS = 400;

  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicLong visits = new AtomicLong();
  private final AtomicLong streams = new AtomicLong();

  /// Talks for as long as anybody listens, where nobody asks for less.
  private void talk(Received request, Wire wire) throws Exception {
    streams.incrementAndGet();
    wire.send(ScriptedUpstream.eventStream()).sendChunk("data: x\n\n");
    if (request.text().contains("one event")) {
      wire.sendLastChunk();
      return;
    }
    while (!never.await(20, TimeUnit.MILLISECONDS)) {
      wire.sendChunk("data: x\n\n");
    }
  }

  @Test
  void clientsThatComeAndGoLeaveNothingBehind() throws Exception {
    try (Bench bench = Bench.open(this::talk, _ -> Faults.NONE)) {
      String token = bench.token("user");
      Browser other = bench.browser("other").over(Transport.HTTP_1);
      comeAndGo(bench, token, () -> visits.get() < WARM_UP);
      Footprint before = bench.quiet(() -> once(other));
      long start = visits.get();
      comeAndGo(bench, token, Crowd.during(TIME));
      assertTrue(streams.get() > CLIENTS, () -> "only " + streams + " got to the agent");
      Await.that("no connection to the agent", () -> bench.line().open() == 0);
      Footprint after = bench.assertBackAt(before, () -> once(other), _ -> {});
      System.out.printf(
          "crowd: %d clients, %d s, %d visits, %d streams%n  logged: %s%n  before: %s%n  after: "
              + " %s%n",
          CLIENTS,
          TIME.toSeconds(),
          visits.get() - start,
          streams.get(),
          bench.log().outcomes(),
          before,
          after);
    }
  }

  /// Two in four over HTTP/2, each on a connection of its own: one connection with all those resets
  /// would be an attack.
  private void comeAndGo(Bench bench, String token, BooleanSupplier goesOn) {
    List<Browser> browsers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Browser browser = bench.gate().stranger().signedInWith(token);
      browsers.add(browser.over(i % 2 == 0 ? Transport.H2C : Transport.HTTP_1));
    }
    Crowd.run(
        CLIENTS,
        goesOn,
        i -> {
          Random random = new Random(i);
          Browser browser = browsers.get(i);
          return i % 4 == 3 ? () -> leave(bench, token, random) : () -> leaveAt(browser, random);
        });
    browsers.forEach(Browser::hangUp);
  }

  /// Leaves at any time: before the request is out, before the answer, or between events.
  private void leaveAt(Browser browser, Random random) throws Exception {
    visits.incrementAndGet();
    Call call = browser.call(PATH, "{\"type\":\"threads.list\"}");
    call.timeout().timeout(1 + random.nextInt(MOST_MILLIS), TimeUnit.MILLISECONDS);
    try (Response response = call.execute()) {
      assertEquals(200, response.code());
      while (response.body().source().readUtf8Line() != null) {
        assertEquals(200, response.code());
      }
      throw new AssertionError("an endless answer ended");
    } catch (IOException e) {
      assertTrue(call.isCanceled(), () -> "it was not the client that left: " + e);
    }
  }

  /// The same by hand, with FIN or a reset.
  private void leave(Bench bench, String token, Random random) throws Exception {
    visits.incrementAndGet();
    try (Wire wire = bench.gate().wire()) {
      wire.send(
          ("POST %s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: auth_token=%s\r\n"
                  + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
              .formatted(PATH, token));
      if (random.nextBoolean()) {
        assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      }
      assertTrue(!never.await(random.nextInt(MOST_MILLIS), TimeUnit.MILLISECONDS));
      if (random.nextBoolean()) {
        wire.reset();
      }
    }
  }

  private static void once(Browser browser) {
    String all = browser.post(PATH, "{\"type\":\"threads.list\",\"ask\":\"one event\"}").text();
    assertEquals("data: x\n\n", all);
    browser.hangUp();
  }
}
