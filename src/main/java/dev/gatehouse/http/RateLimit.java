package dev.gatehouse.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.config.RateConfig;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A token bucket for each of many, as many as fit into a bounded table. A bucket that has had the
/// time to fill up again is as good as a new one and is forgotten.
final class RateLimit<K> {
  /// A bucket takes some 300 bytes. An attacker with more addresses than this has no need to be
  /// forgotten by us.
  private static final int REMEMBERED = 50_000;

  private final String name;
  private final RateConfig config;
  private final TimeMeter time;
  private final Cache<K, Bucket> buckets;

  /// @param name of the limit, as clients are told
  RateLimit(String name, RateConfig config, TimeMeter time) {
    this.name = name;
    this.config = config;
    this.time = time;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterAccess(refill(config))
            .ticker(time::currentTimeNanos)
            .executor(Runnable::run)
            .build();
  }

  /// Takes one request off what is left.
  ///
  /// @throws ProblemException with [ProblemCode#RATE_LIMITED] if nothing is
  void check(K who) {
    if (!config.limits()) {
      return;
    }
    ConsumptionProbe probe = buckets.get(who, _ -> full()).tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw refusal(probe.getNanosToWaitForRefill());
    }
  }

  /// How many are remembered now.
  long remembered() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }

  // The fields of draft-ietf-httpapi-ratelimit-headers-10; see there for q, w, r and t.
  private ProblemException refusal(long nanos) {
    long wait = 1 + (nanos - 1) / TimeUnit.SECONDS.toNanos(1);
    return Problem.of(ProblemCode.RATE_LIMITED, "Too many requests; try again later")
        .because(name)
        .with("Retry-After", Long.toString(wait))
        .with(
            "RateLimit-Policy",
            "\"%s\";q=%d;w=%d".formatted(name, config.requests(), config.per().toSeconds()))
        .with("RateLimit", "\"%s\";r=0;t=%d".formatted(name, wait))
        .exception();
  }

  private Bucket full() {
    return Bucket.builder()
        .withCustomTimePrecision(time)
        .addLimit(limit ->
            limit.capacity(config.capacity()).refillGreedy(config.requests(), config.per()))
        .build();
  }

  /// From empty to full.
  private static Duration refill(RateConfig config) {
    return config.limits()
        ? config.per().multipliedBy(config.capacity()).dividedBy(config.requests()).plusNanos(1)
        : Duration.ZERO;
  }
}
