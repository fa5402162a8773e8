package dev.gatehouse;

import java.util.concurrent.CountDownLatch;

/// Keeps the process up until it is asked to stop, then drains.
final class Foreground {
  private Foreground() {}

  /// Waits for a signal. The process then ends with 0, since a stop that was asked for is no
  /// failure, and never returns here.
  static void awaitSignal(Gatehouse gate) throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("gatehouse-drain").unstarted(() -> drainAndEnd(gate)));
    new CountDownLatch(1).await();
  }

  private static void drainAndEnd(Gatehouse gate) {
    try {
      gate.drain();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.FINE.number());
  }
}
