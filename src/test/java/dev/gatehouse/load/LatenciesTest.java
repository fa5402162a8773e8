package dev.gatehouse.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LatenciesTest {
  @Test
  void percentilesAreNearestRanks() {
    Latencies latencies = new Latencies();
    for (int i = 200; i > 0; i--) {
      latencies.add(i * 1_000_000L);
    }
    assertEquals("200: p50 100.00, p99 198.00, most 200.00 ms", latencies.toString());
  }
}
