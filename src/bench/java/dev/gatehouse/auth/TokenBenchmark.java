package dev.gatehouse.auth;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Judging RS256 tokens: few, which are remembered, and more than can be.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenBenchmark {
  /// How many tokens take turns.
  @Param({"100", "20000"})
  public int tokens;

  private final TestIssuer issuer = TestIssuer.start();
  private final SigningKeys keys =
      SigningKeys.open(issuer.config(), InstantSource.system(), _ -> {});
  private final TokenJudge judge = SignedTokens.of(issuer.config(), keys, InstantSource.system());
  private String[] signed = {};
  private int next;

  /// Signs them all.
  @Setup
  public void sign() {
    keys.refresh();
    signed = new String[tokens];
    for (int i = 0; i < tokens; i++) {
      signed[i] = issuer.tokenFor("user-" + i);
    }
  }

  /// One after the other.
  @Benchmark
  public Caller judge() {
    next = (next + 1) % signed.length;
    return judge.judge(signed[next]);
  }

  /// Lets the issuer go.
  @TearDown
  public void close() {
    keys.close();
    issuer.close();
  }
}
