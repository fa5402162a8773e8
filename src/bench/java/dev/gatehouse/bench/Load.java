package dev.gatehouse.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;

/// Loads of every kind on one port. All numbers are of answers that were checked: an answer of
/// another status, a broken one or a stream of other bytes is an error and is counted.
final class Load implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Loop loop;
  private final Agent agent;
  private final int port;
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong streams = new AtomicLong();
  private int opened;

  Load(Agent agent, int port) throws IOException {
    this.loop = Loop.start("load");
    this.agent = agent;
    this.port = port;
  }

  /// @param count how many answers came in that time
  /// @param seconds how long it took
  /// @param latencies of each
  record Result(long count, double seconds, Histogram latencies) {
    double perSecond() {
      return count / seconds;
    }
  }

  /// How many answers were not what they had to be.
  long errors() {
    return errors.get();
  }

  private Client client() {
    return new Client(loop, port, opened++);
  }

  /// Each connection asks as soon as it was answered.
  ///
  /// @param requests the n-th request
  Result closedLoop(int connections, Duration time, IntFunction<byte[]> requests) throws Exception {
    CompletableFuture<Result> result = new CompletableFuture<>();
    loop.execute(() -> new ClosedLoop(connections, time, requests, result).start());
    return get(result);
  }

  private final class ClosedLoop {
    private final int connections;
    private final IntFunction<byte[]> requests;
    private final CompletableFuture<Result> result;
    private final Histogram latencies = new Histogram();
    private final long start = System.nanoTime();
    private final long end;
    private int asked;
    private int open;

    ClosedLoop(
        int connections,
        Duration time,
        IntFunction<byte[]> requests,
        CompletableFuture<Result> result) {
      this.connections = connections;
      this.requests = requests;
      this.result = result;
      this.end = start + time.toNanos();
    }

    void start() {
      open = connections;
      for (int i = 0; i < connections; i++) {
        ask(client());
      }
    }

    private void ask(Client client) {
      long now = System.nanoTime();
      client.send(
          requests.apply(asked++),
          (same, status) -> {
            long done = System.nanoTime();
            latencies.add(done - now);
            if (status != 200) {
              errors.incrementAndGet();
            }
            if (done < end && status != 0) {
              ask(same);
            } else {
              same.close();
              if (--open == 0) {
                result.complete(new Result(latencies.size(), (done - start) / 1e9, latencies));
              }
            }
          });
    }
  }

  /// So many requests in a second, whatever becomes of them. A latency counts from when the request
  /// was due, so that a pause is not hidden by the requests that it held up.
  Result fixedRate(int perSecond, Duration time, IntFunction<byte[]> requests) throws Exception {
    CompletableFuture<Result> result = new CompletableFuture<>();
    loop.execute(() -> new FixedRate(perSecond, time, requests, result).start());
    return get(result);
  }

  private final class FixedRate {
    private final long every;
    private final int count;
    private final IntFunction<byte[]> requests;
    private final CompletableFuture<Result> result;
    private final Histogram latencies = new Histogram();
    private final Deque<Client> idle = new ArrayDeque<>();
    private final long start = System.nanoTime();

    FixedRate(
        int perSecond,
        Duration time,
        IntFunction<byte[]> requests,
        CompletableFuture<Result> result) {
      this.every = TimeUnit.SECONDS.toNanos(1) / perSecond;
      this.count = (int) (time.toNanos() / every);
      this.requests = requests;
      this.result = result;
    }

    void start() {
      due(0);
    }

    private void due(int number) {
      long due = start + number * every;
      Client client = idle.isEmpty() ? client() : idle.pop();
      client.send(
          requests.apply(number),
          (same, status) -> {
            latencies.add(System.nanoTime() - due);
            if (status == 200) {
              idle.push(same);
            } else {
              errors.incrementAndGet();
            }
            if (latencies.size() == count) {
              result.complete(new Result(count, (System.nanoTime() - start) / 1e9, latencies));
              idle.forEach(Client::close);
            }
          });
      if (number + 1 < count) {
        loop.at(due + every, () -> due(number + 1));
      }
    }
  }

  /// Opens one stream of one event after the other.
  ///
  /// @return from request to first event
  Histogram firstEvents(int count, Requests requests) throws Exception {
    Histogram latencies = new Histogram();
    for (int i = 0; i < count; i++) {
      Streamed stream = new Streamed("stream=", "&events=1&every=0");
      long start = System.nanoTime();
      loop.execute(() -> stream.open(requests));
      latencies.add(stream.first() - start);
      stream.check();
    }
    return latencies;
  }

  /// What was seen while all streams were open.
  ///
  /// @param latencies how long each event took to come
  /// @param cost what was spent meanwhile
  record Steady(Histogram latencies, double cost) {}

  /// Streams of events beside each other. They are opened at 1,000 a second, and then left alone
  /// for half a second; what is measured comes after that, so that it has nothing of how they
  /// began.
  ///
  /// @param time for which is measured
  /// @param everyMillis from event to event
  /// @param cost what has been spent so far
  Steady streams(int count, Duration time, int everyMillis, Requests requests, DoubleSupplier cost)
      throws Exception {
    long every = TimeUnit.MILLISECONDS.toNanos(everyMillis);
    long opening = TimeUnit.MILLISECONDS.toNanos(count);
    long start = System.nanoTime();
    long from = start + opening + SETTLE_NANOS;
    long to = from + time.toNanos();
    long events = (to - start) / every + 1;
    List<Streamed> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Streamed stream =
          new Streamed("&events=%d&every=%d".formatted(events, everyMillis), from, to);
      all.add(stream);
      long due = start + (opening + every) * i / count; // no two of them in step
      loop.execute(() -> loop.at(due, () -> stream.open(requests)));
    }
    await(from);
    double before = cost.getAsDouble();
    await(to);
    double spent = cost.getAsDouble() - before;
    Histogram latencies = new Histogram();
    for (Streamed stream : all) {
      stream.check();
      latencies.addAll(stream.latencies);
    }
    return new Steady(latencies, spent);
  }

  private void await(long nanos) throws Exception {
    CompletableFuture<Boolean> there = new CompletableFuture<>();
    loop.execute(() -> loop.at(nanos, () -> there.complete(true)));
    get(there);
  }

  /// Streams that carry as much as they can.
  ///
  /// @return bytes in a second, all streams together
  double firehose(int count, long bytes, Requests requests) throws Exception {
    List<Streamed> all = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Streamed stream = new Streamed("hose=", "&bytes=" + bytes);
      all.add(stream);
      loop.execute(() -> stream.open(requests));
    }
    for (Streamed stream : all) {
      stream.check();
    }
    return count * bytes / ((System.nanoTime() - start) / 1e9);
  }

  /// What is done while streams are open.
  interface Meanwhile {
    void run() throws Exception;
  }

  /// Opens streams on which nothing is said after their first event.
  ///
  /// @param meanwhile what to do while all are open
  void silent(int count, Requests requests, Meanwhile meanwhile) throws Exception {
    List<Streamed> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Streamed stream = new Streamed("silent=", "");
      all.add(stream);
      loop.execute(() -> stream.open(requests));
      if (i % 16 == 15) {
        stream.first();
      }
    }
    for (Streamed stream : all) {
      stream.first();
    }
    meanwhile.run();
    agent.speak();
    for (Streamed stream : all) {
      stream.check();
    }
  }

  /// One stream.
  private final class Streamed implements Client.Answer {
    private final int number = (int) streams.incrementAndGet();
    private final String id = "s" + number;
    private final String query;
    private final long from;
    private final long to;
    private final Sum sum = new Sum();
    private final LongList latencies = new LongList();
    private final CompletableFuture<Long> first = new CompletableFuture<>();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    Streamed(String kind, String rest) {
      this.query = kind + id + rest;
      this.from = Long.MAX_VALUE;
      this.to = Long.MAX_VALUE;
    }

    /// One of events, of which those count that are sent from one time to another.
    Streamed(String rest, long from, long to) {
      this.query = "stream=" + id + rest;
      this.from = from;
      this.to = to;
    }

    void open(Requests requests) {
      client().send(requests.post(number, query, 1024), this);
    }

    @Override
    public void body(ByteBuffer part) {
      long now = System.nanoTime();
      first.complete(now);
      sum.add(part);
      if (from <= now) {
        Event.times(part, sent -> count(sent, now));
      }
    }

    private void count(long sent, long now) {
      if (from <= sent && sent < to) {
        latencies.add(now - sent);
      }
    }

    @Override
    public void end(Client client, int how) {
      first.complete(System.nanoTime());
      status.complete(how);
      client.close();
    }

    long first() throws Exception {
      return get(first);
    }

    /// Waits for the end, which has to be a good one.
    void check() throws Exception {
      int how = get(status);
      Sum all = agent.sent(id);
      if (how != 200 || !sum.matches(all)) {
        System.err.printf("%s: status %d, %d bytes of %d%n", query, how, sum.bytes(), all.bytes());
        errors.incrementAndGet();
      }
    }
  }

  private static <T> T get(CompletableFuture<T> result) throws Exception {
    try {
      return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
