package dev.gatehouse.stream;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What the pipe itself costs for each event, between ends that cost nothing.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PipeBenchmark {
  private static final int EVENTS = 1_000;
  private static final byte[] EVENT =
      "data: {\"type\":\"delta\",\"text\":\"a few words\"}\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Clocks clocks = new Clocks();

  /// Whether comments are written into silences, for which every byte is looked at.
  @Param({"0", "15"})
  public int heartbeatSeconds;

  /// A stream of a thousand events.
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public Ending copy() {
    int[] left = {EVENTS};
    ByteSource source =
        () -> left[0]-- == 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(EVENT));
    Pipe.Pace pace =
        new Pipe.Pace(clocks, Duration.ofSeconds(30), Duration.ofSeconds(heartbeatSeconds));
    Sink sink = new StreamSink(OutputStream.nullOutputStream());
    try (Pipe pipe = new Pipe(source, OptionalLong.empty(), sink, new Lifeline(), pace)) {
      return pipe.copy().orElseThrow();
    }
  }

  /// Stops the clocks.
  @TearDown
  public void close() {
    clocks.close();
  }
}
