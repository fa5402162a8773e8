package dev.gatehouse.enrich;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Writing a user and a page into a body, by its length.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SpliceBenchmark {
  private final Enricher enricher = Enriching.chatKit();

  /// Characters of the message.
  @Param({"1000", "100000", "5000000"})
  public int length;

  /// What the message is made of: a quotation in every line, escapes of all kinds, or none.
  @Param({
    "A few words, \\\"quoted\\\" and not.\\n",
    "C:\\\\dir\\\\file\\t1\\/2\\u00e9\\r\\n and more",
    "A few words that need no escape."
  })
  public String text = "";

  private byte[] body = {};

  /// Repeats the text.
  @Setup
  public void fill() {
    body =
        ("{\"type\":\"threads.add_user_message\",\"params\":{\"input\":{\"content\":[{\"text\":\""
                + text.repeat(length / text.length())
                + "\"}]}},\"metadata\":{\"a\":1}}")
            .getBytes(StandardCharsets.UTF_8);
  }

  /// The body as the agent gets it.
  @Benchmark
  public EnrichedBody splice() {
    return enricher.enrich(body, Enriching.CALLER, Enriching.NONE, Enriching.NONE);
  }
}
