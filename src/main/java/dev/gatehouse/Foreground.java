package dev.gatehouse;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Keeps the process up until it is asked to stop, then drains.
final class Foreground {
  private Foreground() {}

  /// Says that the gate is ready and waits for a signal. The process then ends with 0, since a stop
  /// that was asked for is no failure, and never returns here.
  ///
  /// @param more lines for a person
  static void awaitSignal(Gatehouse gate, String... more) throws InterruptedException {
    // Before the line is out: whoever reads it may send the signal at once.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("gatehouse-drain").unstarted(() -> drainAndEnd(gate)));
    System.out.println("gatehouse ready on " + gate.uri() + " (admin " + gate.adminUri() + ")");
    List.of(more).forEach(System.out::println);
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
