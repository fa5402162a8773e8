package dev.gatehouse.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/// All that is measured of one subject. Between rows others have their turn, and rows come more
/// than once, so that what the machine does for others in some minutes is not in the figures of one
/// subject alone.
final class Measurement {
  private static final int CONNECTIONS = 64;
  private static final int RATE = 2_000;
  private static final int EVERY_MILLIS = 50;
  private static final int MEGABYTE = 1_000_000;
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(150);
  private static final long WITHOUT_GAIN_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final double GAIN = 1.05;
  private static final int SETTLING_SECONDS = 12; // Gatehouse has Java trim every ten

  private final Proxy proxy;
  private final Samples samples;
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
      Proxy proxy,
      Samples samples,
      Agent agent,
      Requests few,
      Requests many,
      Duration time,
      ReentrantLock turn) {
    this.proxy = proxy;
    this.samples = samples;
    this.agent = agent;
    this.few = few;
    this.many = many;
    this.time = time;
    this.turn = turn;
    this.requests = simple(few, "", 1024);
  }

  /// How soon it is there.
  void atStart() throws Exception {
    with(this::atStart);
  }

  /// Everything that a subject does while it is at work: most kinds of work until it gets no better
  /// at them, and then as often as they are measured.
  void work() throws Exception {
    List<Part> parts = new ArrayList<>();
    parts.add(this::warm);
    parts.addAll(times(this::shortRequests));
    parts.add(load -> warmUp(() -> 1 / firstEvent(load)));
    parts.addAll(times(load -> samples.add(Figure.FIRST_EVENT, firstEvent(load))));
    parts.add(load -> warmUp(() -> 1 / atRate(load).millis(0.99)));
    parts.addAll(times(this::fixedRate));
    parts.addAll(times(this::oneStream));
    parts.add(load -> warmUp(() -> 1 / streams(load, 100).latencies().millis(0.99)));
    parts.addAll(times(this::fewStreams));
    parts.add(load -> warmUp(() -> 1 / streams(load, 1_000).cost()));
    parts.addAll(times(this::manyStreams));
    parts.add(load -> warmUp(() -> firehose(load, 1)));
    parts.addAll(times(this::fastStreams));
    bodies(parts, Figure.BODIES_100, 100_000);
    bodies(parts, Figure.BODIES_200, 200_000);
    bodies(parts, Figure.BODIES_5000, 5 * MEGABYTE);
    parts.addAll(times(this::crowd));
    with(parts.toArray(Part[]::new));
  }

  private void bodies(List<Part> parts, Figure figure, int bytes) {
    parts.add(load -> warmUp(() -> bodies(load, bytes)));
    parts.addAll(times(load -> samples.add(figure, bodies(load, bytes))));
  }

  /// As often as a row is measured, each time in turn with the others.
  private static List<Part> times(Part row) {
    return Collections.nCopies(3, row);
  }

  /// What it holds where nothing is said. Its process should be a new one: another has room left
  /// from what it did before, into which the streams would fit.
  void silence() throws Exception {
    with(this::silence);
  }

  /// Whether it holds as many as anybody needs.
  void mostStreams() throws Exception {
    with(load -> {
      load.silent(9_500, few, () -> {});
      samples.add(Figure.SILENT_ERRORS, (double) load.errors());
    });
  }

  /// Some of each kind of work, for those who give and take it.
  void rehearse() throws Exception {
    with(
        load -> firstEvent(load),
        load -> load.closedLoop(CONNECTIONS, ROUND, requests),
        load -> streams(load, 100),
        load -> firehose(load, 1));
  }

  private interface Part {
    void measure(Load load) throws Exception;
  }

  /// Measures part by part. Between them the others, in the order in which they wait, do as much;
  /// not behind the last one, since the process lives on meanwhile with connections of its own.
  private void with(Part... parts) throws Exception {
    try (Load load = new Load(agent, proxy.port())) {
      try {
        for (Part part : parts) {
          if (part != parts[0]) {
            turn.unlock();
            turn.lock();
          }
          measure(part, load);
        }
      } finally {
        samples.add(Figure.ERRORS, (double) load.errors());
      }
    }
  }

  private void measure(Part part, Load load) throws Exception {
    long before = unprovenByAll();
    try {
      part.measure(load);
    } finally {
      samples.add(Figure.UNPROVEN, (double) (unprovenByAll() - before));
    }
  }

  private long unprovenByAll() {
    return agent.requests() - agent.proven();
  }

  private void atStart(Load load) throws Exception {
    samples.add(Figure.START, proxy.startMillis());
    resident().ifPresent(kilobytes -> samples.add(Figure.IDLE_MEMORY, kilobytes / 1024));
    samples.add(Figure.SECOND_EVENT, load.firstEvents(1, few).millis(0.5));
  }

  private void warm(Load load) throws Exception {
    long nanos = warmUp(() -> load.closedLoop(CONNECTIONS, ROUND, requests).perSecond());
    samples.add(Figure.WARM_UP, (double) TimeUnit.NANOSECONDS.toSeconds(nanos));
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
    samples.add(Figure.REQUESTS, closed.value.perSecond());
    samples.add(Figure.REQUESTS_P50, closed.value.latencies().millis(0.5));
    samples.add(Figure.REQUESTS_P99, closed.value.latencies().millis(0.99));
    closed.put(Figure.REQUESTS_CPU, closed.value.count() / 10_000.0);
    samples.add(
        Figure.TOKENS, load.closedLoop(CONNECTIONS, time, simple(many, "", 1024)).perSecond());
  }

  private void fixedRate(Load load) throws Exception {
    Histogram fixed = atRate(load);
    samples.add(Figure.FIXED_P50, fixed.millis(0.5));
    samples.add(Figure.FIXED_P99, fixed.millis(0.99));
    samples.add(Figure.FIXED_MOST, fixed.millis(1));
  }

  private Histogram atRate(Load load) throws Exception {
    return load.fixedRate(RATE, time, requests).latencies();
  }

  private void oneStream(Load load) throws Exception {
    Histogram one = streams(load, 1).latencies();
    samples.add(Figure.EVENTS_1_P50, one.millis(0.5));
    samples.add(Figure.EVENTS_1_P99, one.millis(0.99));
  }

  private void fewStreams(Load load) throws Exception {
    Histogram hundred = streams(load, 100).latencies();
    samples.add(Figure.EVENTS_100_P50, hundred.millis(0.5));
    samples.add(Figure.EVENTS_100_P99, hundred.millis(0.99));
  }

  private void manyStreams(Load load) throws Exception {
    Load.Steady thousand = streams(load, 1_000);
    samples.add(Figure.EVENTS_1000_P50, thousand.latencies().millis(0.5));
    samples.add(Figure.EVENTS_1000_P99, thousand.latencies().millis(0.99));
    perMillion(Figure.EVENTS_CPU, thousand);
    perMillion(Figure.EVENTS_2000_CPU, streams(load, 2_000));
  }

  private void fastStreams(Load load) throws Exception {
    samples.add(Figure.HOSE_1, firehose(load, 1));
    samples.add(Figure.HOSE_16, firehose(load, 16));
  }

  private double firehose(Load load, int streams) throws Exception {
    long bytes = 500L * MEGABYTE * (streams == 1 ? 1 : 2);
    return load.firehose(streams, bytes / streams, few) / MEGABYTE;
  }

  private Load.Steady streams(Load load, int count) throws Exception {
    return load.streams(count, time, EVERY_MILLIS, few, this::spent);
  }

  private void perMillion(Figure figure, Load.Steady streams) {
    if (proxy.process().isPresent()) {
      samples.add(figure, streams.cost() * 1e6 / streams.latencies().size());
    }
  }

  private double bodies(Load load, int bytes) throws Exception {
    byte[] request = few.post(0, "", bytes);
    return load.closedLoop(8, time, _ -> request).perSecond();
  }

  private void crowd(Load load) throws Exception {
    load.silent(
        5_000,
        few,
        () -> {
          load.closedLoop(CONNECTIONS, time, requests);
          samples.add(Figure.CROWD, load.closedLoop(CONNECTIONS, time, requests).perSecond());
        });
  }

  private void silence(Load load) throws Exception {
    load.silent(100, few, () -> {}); // loads classes
    load.closedLoop(CONNECTIONS, ROUND, requests); // touches what is there for all, once
    OptionalDouble before = settled();
    load.silent(
        5_000,
        few,
        () ->
            settled()
                .ifPresent(kilobytes ->
                    samples.add(Figure.SILENT_MEMORY, (kilobytes - before.orElse(0)) / 5_000)));
  }

  /// What is resident once everybody has given back what was needed in passing, by compilers for
  /// instance: the least there is in some seconds.
  private OptionalDouble settled() throws InterruptedException {
    OptionalDouble least = resident();
    for (int i = 0; least.isPresent() && i < SETTLING_SECONDS; i++) {
      TimeUnit.SECONDS.sleep(1);
      least = OptionalDouble.of(Math.min(least.getAsDouble(), resident().orElseThrow()));
    }
    return least;
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
        samples.add(figure, seconds / units);
      }
    }
  }
}
