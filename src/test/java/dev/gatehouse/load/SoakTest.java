package dev.gatehouse.load;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Fault;
import dev.gatehouse.testing.FaultProxy.Faults;
import dev.gatehouse.testing.FaultProxy.Script;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Browsers of all kinds come and go while agent and line misbehave at random: whatever happens,
/// every answer is whole or looks broken, no request goes out twice, and nothing is left behind.
///
/// `-Dsoak.minutes=10` lets it go on for ten minutes, `-Dsoak.seed=7` throws other dice.
final class SoakTest {
  private static final int WARM_UP = 600;
  private static final Duration SHORT = Duration.ofSeconds(7);
  private static final int BROWSERS = 40;
  private static final long SEED = Long.getLong("soak.seed", 1);
  private static final long MINUTES = Long.getLong("soak.minutes", 0);

  private final RudeAgent agent = new RudeAgent();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, Long> ends = new ConcurrentHashMap<>();

  /// Four in five lines are sound, for a while.
  private static Faults anyFaults(Random random) {
    Fault sound = Fault.NONE.ending(20_000 + random.nextInt(400_000), anyEnd(random));
    long soon = random.nextInt(4000);
    return switch (random.nextInt(20)) {
      case 0 -> new Faults(Fault.NONE, Fault.NONE.ending(soon, anyEnd(random)));
      case 1 -> new Faults(Fault.NONE.ending(soon, anyEnd(random)), Fault.NONE);
      case 2 -> new Faults(Fault.NONE, sound.sliced(1));
      case 3 -> new Faults(Fault.NONE, sound.sliced(100).throttled(100_000));
      case 4 -> new Faults(Fault.NONE.delayed(Duration.ofMillis(20)), sound);
      default -> new Faults(Fault.NONE, sound);
    };
  }

  private static Fault.End anyEnd(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Fault.End.FIN;
      case 1 -> Fault.End.RESET;
      default -> Fault.End.STALL;
    };
  }

  @Test
  void whateverHappensNoAnswerLiesAndNothingIsLeftBehind() throws Exception {
    try (Bench bench =
        Bench.open(
            agent,
            Script.seeded(SEED, SoakTest::anyFaults),
            "timeouts: {connect: 1s, first-byte: 800ms, idle: 800ms, total: 10s}")) {
      List<Browser> browsers = browsers(bench);
      soak(bench, browsers, () -> numbers.get() < WARM_UP, SEED);
      Footprint before = bench.quiet(() -> once(bench, browsers.getFirst()));
      long exchanges = numbers.get();
      Duration time = MINUTES > 0 ? Duration.ofMinutes(MINUTES) : SHORT;
      soak(bench, browsers, Crowd.during(time), SEED + 1);
      Footprint after =
          bench.assertBackAt(before, () -> once(bench, browsers.getFirst()), this::assertBooks);
      report(bench, before, after, numbers.get() - exchanges);
    }
  }

  /// Every one with connections of its own, as browsers have.
  private void soak(Bench bench, List<Browser> browsers, BooleanSupplier goesOn, long seed) {
    Crowd.run(
        BROWSERS,
        goesOn,
        i ->
            new Visitor(bench, browsers.get(i), new Random(seed * 1000 + i), numbers, ends)::visit);
    browsers.forEach(Browser::hangUp);
  }

  private static List<Browser> browsers(Bench bench) {
    return IntStream.range(0, BROWSERS)
        .mapToObj(
            i -> bench.browser("user-" + i).over(i % 2 == 0 ? Transport.HTTP_1 : Transport.H2C))
        .toList();
  }

  /// An exchange of which nobody disturbs anything.
  private void once(Bench bench, Browser browser) {
    Order order = new Order(numbers.getAndIncrement(), Order.Manner.CHUNKED, 3, 100, 0);
    Reply reply = browser.post(PATH, order.json());
    bench.log().answered(reply.header("X-Request-Id").orElseThrow());
    assertEquals(200, reply.status(), reply::text);
    new Content(order.number()).check(reply.body(), 300, 0);
    assertEquals(300, reply.body().length);
    browser.hangUp();
  }

  /// One line for every exchange, and one request to the agent for every exchange that got so far.
  private void assertBooks(Bench bench) throws Exception {
    AccessTally log = bench.log();
    Await.that("a line for every answer", () -> log.answersWithoutLine() == 0);
    assertEquals(0, log.doubles(), "lines for the same exchange");
    long unseen =
        Stream.of("left early", "broke off", "broken before it left", "refused, unheard")
            .mapToLong(this::ended)
            .sum();
    assertTrue(log.linesWithoutAnswer() <= unseen, () -> log.linesWithoutAnswer() + " lines");
    assertEquals(0, agent.repeated(), "requests that were sent twice");
    long accepted = log.relayed() - log.lines("rejected");
    long missing = accepted - agent.seen();
    long excused = bench.line().broken() + log.lines("client-closed early");
    assertTrue(missing >= 0, () -> -missing + " requests to the agent are in no line");
    assertTrue(missing <= excused, () -> missing + " never got to the agent, of " + excused);
    assertTrue(ended("refused, unheard") * 20 <= ended("refused"), ends::toString);
    assertTrue(ended("whole") * 5 > numbers.get(), () -> "hardly one is whole: " + ends);
    assertTrue(ended("broken") > 0, () -> "not one is broken: " + ends);
  }

  private long ended(String how) {
    return ends.getOrDefault(how, 0L);
  }

  private void report(Bench bench, Footprint before, Footprint after, long exchanges) {
    System.out.printf(
        "soak: seed %d, %d min, %d exchanges%n  seen by browsers: %s%n  logged: %s%n"
            + "  agent: %d requests, %d twice; line: %d connections, %d broken%n"
            + "  before: %s%n  after:  %s%n",
        SEED,
        MINUTES,
        exchanges,
        new TreeMap<>(ends),
        bench.log().outcomes(),
        agent.seen(),
        agent.repeated(),
        bench.line().accepted(),
        bench.line().broken(),
        before,
        after);
  }
}
