package dev.gatehouse.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/// All figures of one subject. Between rows others have their turn, so that what the machine does
/// for others in some minutes is not in the figures of one subject alone.
final class Measurement {
  private static final int CONNECTIONS = 64;
  private static final int RATE = 2_000;
  private static final int EVERY_MILLIS = 50;
  private static final int MEGABYTE = 1_000_000;
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(150);
  private static final long WITHOUT_GAIN_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final double GAIN = 1.05;

  private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);
  private final Proxy proxy;
  private final Agent agent;
  private final Requests few;
  private final Requests many;
  private final Duration time;
  private final ReentrantLock turn;
  private final IntFunction<byte[]> requests;

  /// @param few users who ask
  /// @param many the same and more
  /// @param time what a load of short requests takes
  /// @param turn held by who makes it
  Measurement(
      Proxy proxy, Agent agent, Requests few, Requests many, Duration time, ReentrantLock turn) {
    this.proxy = proxy;
    this.agent = agent;
    this.few = few;
    this.many = many;
    this.time = time;
    this.turn = turn;
    this.requests = simple(few, "", 1024);
  }

  /// Everything that a subject does while it is at work.
  Map<Figure, Double> work() throws Exception {
    return with(
        this::atStart,
        this::warm,
        this::shortRequests,
        this::fixedRate,
        this::fewStreams,
        this::manyStreams,
        this::fastStreams,
        load -> figures.put(Figure.BODIES_100, bodies(load, 100_000)),
        load -> figures.put(Figure.BODIES_200, bodies(load, 200_000)),
        load -> figures.put(Figure.BODIES_5000, bodies(load, 5 * MEGABYTE)),
        this::crowd);
  }

  /// What it holds where nothing is said. Its process should be a new one: another has room left
  /// from what it did before, into which the streams would fit.
  Map<Figure, Double> silence() throws Exception {
    return with(this::silence);
  }

  private interface Part {
    void measure(Load load) throws Exception;
  }

  /// Measures part by part. Between them the others, in the order in which they wait, do as much;
  /// not behind the last one, since the process lives on meanwhile with connections of its own.
  private Map<Figure, Double> with(Part... parts) throws Exception {
    long unproven = 0;
    try (Load load = new Load(agent, proxy.port())) {
      for (Part part : parts) {
        if (part != parts[0]) {
          turn.unlock();
          turn.lock();
        }
        long before = unprovenByAll();
        part.measure(load);
        unproven += unprovenByAll() - before;
      }
      figures.put(Figure.ERRORS, (double) load.errors());
    }
    figures.put(Figure.UNPROVEN, (double) unproven);
    return figures;
  }

  private long unprovenByAll() {
    return agent.requests() - agent.proven();
  }

  private void atStart(Load load) throws Exception {
    figures.put(Figure.START, proxy.startMillis());
    resident().ifPresent(kilobytes -> figures.put(Figure.IDLE_MEMORY, kilobytes / 1024));
    figures.put(Figure.SECOND_EVENT, load.firstEvents(1, few).millis(0.5));
  }

  private void warm(Load load) throws Exception {
    long nanos = warmUp(() -> load.closedLoop(CONNECTIONS, ROUND, requests).perSecond());
    figures.put(Figure.WARM_UP, (double) TimeUnit.NANOSECONDS.toSeconds(nanos));
    warmUp(() -> 1 / firstEvent(load));
    figures.put(Figure.FIRST_EVENT, firstEvent(load));
  }

  private double firstEvent(Load load) throws Exception {
    return load.firstEvents(1000, few).millis(0.5);
  }

  /// What follows is about a subject that has been at work for a while. Rounds are as long as they
  /// need to be, so that it is by time that there was no better one.
  ///
  /// @param round gives how good it was
  /// @return nanoseconds until there was no better one
  private static long warmUp(Callable<Double> round) throws Exception {
    long start = System.nanoTime();
    double best = 0;
    long last = 0;
    long now = 0;
    while (now - last <= WITHOUT_GAIN_NANOS && now <= MOST_NANOS) {
      double value = round.call();
      now = System.nanoTime() - start;
      if (value > best * GAIN) {
        best = value;
        last = now;
      }
    }
    return last;
  }

  private void shortRequests(Load load) throws Exception {
    Costed<Load.Result> closed = costed(() -> load.closedLoop(CONNECTIONS, time, requests));
    figures.put(Figure.REQUESTS, closed.value.perSecond());
    figures.put(Figure.REQUESTS_P50, closed.value.latencies().millis(0.5));
    figures.put(Figure.REQUESTS_P99, closed.value.latencies().millis(0.99));
    closed.put(Figure.REQUESTS_CPU, closed.value.count() / 10_000.0);
    figures.put(
        Figure.TOKENS, load.closedLoop(CONNECTIONS, time, simple(many, "", 1024)).perSecond());
  }

  private void fixedRate(Load load) throws Exception {
    warmUp(() -> 1 / atRate(load).millis(0.99));
    Histogram fixed = atRate(load);
    figures.put(Figure.FIXED_P50, fixed.millis(0.5));
    figures.put(Figure.FIXED_P99, fixed.millis(0.99));
    figures.put(Figure.FIXED_MOST, fixed.millis(1));
  }

  private Histogram atRate(Load load) throws Exception {
    return load.fixedRate(RATE, time, requests).latencies();
  }

  private void fewStreams(Load load) throws Exception {
    Histogram one = streams(load, 1).latencies();
    figures.put(Figure.EVENTS_1_P50, one.millis(0.5));
    figures.put(Figure.EVENTS_1_P99, one.millis(0.99));
    warmUp(() -> 1 / streams(load, 100).latencies().millis(0.99));
    Histogram hundred = streams(load, 100).latencies();
    figures.put(Figure.EVENTS_100_P50, hundred.millis(0.5));
    figures.put(Figure.EVENTS_100_P99, hundred.millis(0.99));
  }

  private void manyStreams(Load load) throws Exception {
    warmUp(() -> 1 / streams(load, 1_000).cost());
    Load.Steady thousand = streams(load, 1_000);
    figures.put(Figure.EVENTS_1000_P50, thousand.latencies().millis(0.5));
    figures.put(Figure.EVENTS_1000_P99, thousand.latencies().millis(0.99));
    perMillion(Figure.EVENTS_CPU, thousand);
    perMillion(Figure.EVENTS_2000_CPU, streams(load, 2_000));
  }

  private void fastStreams(Load load) throws Exception {
    long bytes = 500L * MEGABYTE;
    warmUp(() -> load.firehose(1, bytes, few));
    figures.put(Figure.HOSE_1, load.firehose(1, bytes, few) / MEGABYTE);
    figures.put(Figure.HOSE_16, load.firehose(16, bytes / 8, few) / MEGABYTE);
  }

  private Load.Steady streams(Load load, int count) throws Exception {
    return load.streams(count, time, EVERY_MILLIS, few, this::spent);
  }

  private void perMillion(Figure figure, Load.Steady streams) {
    if (proxy.process().isPresent()) {
      figures.put(figure, streams.cost() * 1e6 / streams.latencies().size());
    }
  }

  private double bodies(Load load, int bytes) throws Exception {
    byte[] request = few.post(0, "", bytes);
    Callable<Double> round = () -> load.closedLoop(8, time, _ -> request).perSecond();
    warmUp(round);
    return round.call();
  }

  private void crowd(Load load) throws Exception {
    load.silent(
        5_000,
        few,
        () -> {
          load.closedLoop(CONNECTIONS, time, requests);
          figures.put(Figure.CROWD, load.closedLoop(CONNECTIONS, time, requests).perSecond());
        });
  }

  private void silence(Load load) throws Exception {
    load.silent(100, few, () -> {}); // loads classes
    load.closedLoop(CONNECTIONS, ROUND, requests); // touches what is there for all, once
    OptionalDouble before = resident();
    load.silent(
        5_000,
        few,
        () ->
            resident()
                .ifPresent(kilobytes ->
                    figures.put(Figure.SILENT_MEMORY, (kilobytes - before.orElse(0)) / 5_000)));
    long errors = load.errors();
    load.silent(9_500, few, () -> {});
    figures.put(Figure.SILENT_ERRORS, (double) (load.errors() - errors));
  }

  /// The same for everybody, made beforehand.
  private static IntFunction<byte[]> simple(Requests requests, String query, int bytes) {
    int users = requests.cookies().size();
    byte[][] all = new byte[users][];
    for (int i = 0; i < users; i++) {
      all[i] = requests.post(i, query, bytes);
    }
    return number -> all[number % users];
  }

  private OptionalDouble resident() {
    return proxy
        .cost()
        .map(cost -> OptionalDouble.of((double) cost.residentKilobytes()))
        .orElse(OptionalDouble.empty());
  }

  /// Seconds of processor time so far.
  private double spent() {
    return proxy.cost().map(Cost::seconds).orElse(0.0);
  }

  private <T> Costed<T> costed(Callable<T> work) throws Exception {
    double before = spent();
    T value = work.call();
    return new Costed<>(value, spent() - before);
  }

  private final class Costed<T> {
    private final T value;
    private final double seconds;

    Costed(T value, double seconds) {
      this.value = value;
      this.seconds = seconds;
    }

    void put(Figure figure, double units) {
      if (proxy.process().isPresent()) {
        figures.put(figure, seconds / units);
      }
    }
  }
}
