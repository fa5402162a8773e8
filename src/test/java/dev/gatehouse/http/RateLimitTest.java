package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.RateConfig;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RateLimitTest {
  private final AtomicLong nanos = new AtomicLong();
  private final TimeMeter time =
      new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };

  private <K> RateLimit<K> limit(int requests, Duration per, int burst) {
    return new RateLimit<>("some", new RateConfig(requests, per, burst), time);
  }

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private static Problem refusal(RateLimit<String> limit, String who) {
    return assertThrows(ProblemException.class, () -> limit.check(who)).problem();
  }

  @Test
  void burstPassesAndTheNextOneIsToldWhenToComeBack() {
    RateLimit<String> limit = limit(2, Duration.ofMinutes(1), 3);
    for (int i = 0; i < 3; i++) {
      limit.check("a");
    }
    Problem problem = refusal(limit, "a");
    assertEquals(ProblemCode.RATE_LIMITED, problem.code());
    assertEquals("30", problem.headers().get("Retry-After"));
    assertEquals("\"some\";q=2;w=60", problem.headers().get("RateLimit-Policy"));
    assertEquals("\"some\";r=0;t=30", problem.headers().get("RateLimit"));
  }

  @Test
  void whoeverWaitsAsLongAsToldPasses() {
    RateLimit<String> limit = limit(3, Duration.ofSeconds(1), 1);
    limit.check("a");
    assertEquals("1", refusal(limit, "a").headers().get("Retry-After"));
    pass(Duration.ofMillis(333));
    assertEquals("1", refusal(limit, "a").headers().get("Retry-After"));
    pass(Duration.ofMillis(667));
    assertDoesNotThrow(() -> limit.check("a"));
  }

  @Test
  void refusedRequestsCostNothing() {
    RateLimit<String> limit = limit(1, Duration.ofSeconds(10), 1);
    limit.check("a");
    for (int i = 0; i < 100; i++) {
      assertEquals("10", refusal(limit, "a").headers().get("Retry-After"));
    }
  }

  @Test
  void everyoneHasABucketOfTheirOwn() {
    RateLimit<String> limit = limit(1, Duration.ofMinutes(1), 0);
    limit.check("a");
    limit.check("b");
    refusal(limit, "a");
    refusal(limit, "b");
  }

  @Test
  void zeroIsNoLimit() {
    RateLimit<String> limit = limit(0, Duration.ofMinutes(1), 0);
    for (int i = 0; i < 1_000; i++) {
      limit.check("a");
    }
    assertEquals(0, limit.remembered());
  }

  @Test
  void fullBucketsAreForgotten() {
    RateLimit<String> limit = limit(1, Duration.ofSeconds(1), 60);
    limit.check("a");
    pass(Duration.ofSeconds(59));
    assertEquals(1, limit.remembered());
    pass(Duration.ofSeconds(2));
    assertEquals(0, limit.remembered());
  }

  @Test
  void hundredThousandAddressesDoNotFillTheMemory() {
    RateLimit<Network> limit = limit(1, Duration.ofHours(1), 1);
    Network known = new Network(-5, true);
    limit.check(known);
    for (int i = 0; i < 100_000; i++) {
      limit.check(new Network(i, true));
      if (i % 100 == 0) {
        assertThrows(ProblemException.class, () -> limit.check(known));
      }
    }
    long remembered = limit.remembered();
    assertTrue(remembered > 0 && remembered <= 50_000, () -> remembered + " are remembered");
  }

  @Test
  void largestNumbersWork() {
    RateLimit<String> limit = limit(999_999_999, Duration.ofSeconds(1), 999_999_999);
    limit.check("a");
    RateLimit<String> slow = limit(1, Duration.ofDays(365), 999_999_999);
    slow.check("a");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,192.0.2.1,true",
    "192.0.2.1,192.0.2.2,false",
    "::ffff:192.0.2.1,192.0.2.1,true",
    "2001:db8:1:2::1,2001:db8:1:2:ffff:ffff:ffff:ffff,true",
    "2001:db8:1:2::1,2001:db8:1:3::1,false",
    "2001:db8:1:2::1,2001:db8:2:2::1,false",
    "192.0.2.1,::c000:201,false",
  })
  void customersOfAProviderAreToldApart(String one, String other, boolean same) {
    assertEquals(same, network(one).equals(network(other)));
  }

  @Test
  void unknownAddressIsNobodyElses() {
    assertTrue(!Network.of(Optional.empty()).equals(network("255.255.255.255")));
    assertEquals(Network.of(Optional.empty()), Network.of(Optional.empty()));
  }

  private static Network network(String address) {
    return Network.of(Optional.of(InetAddress.ofLiteral(address)));
  }
}
