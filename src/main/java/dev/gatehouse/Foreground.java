package dev.gatehouse;

import java.util.concurrent.CountDownLatch;

/// Keeps the process up until it is asked to stop, then drains.
final class Foreground {
  private Foreground() {}

  /// Makes a signal drain the gate and end the process with 0, since a stop that was asked for is
  /// no failure. Comes before anybody is told that the gate is ready.
  static void drainOnSignal(Gatehouse gate) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("gatehouse-drain").unstarted(() -> drainAndEnd(gate)));
  }

  /// Keeps the calling thread here for as long as the process lives.
  static void stay() throws InterruptedException {
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
