package dev.gatehouse;

import dev.gatehouse.agent.AgentServer;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Keeps the process up until it is asked to stop, then drains. The process ends with 0, since a
/// stop that was asked for is no failure.
final class Foreground {
  private Foreground() {}

  /// Says that the gate is ready and waits for a signal; never returns after one.
  static void awaitSignal(Gatehouse gate) throws InterruptedException {
    awaitSignal(gate::drain, ready(gate));
  }

  /// The same for a demo.
  ///
  /// @param more a line for a person
  static void awaitSignal(Demo demo, String more) throws InterruptedException {
    awaitSignal(demo::drain, ready(demo.gate()), more);
  }

  /// The same for an agent.
  static void awaitSignal(AgentServer agent) throws InterruptedException {
    awaitSignal(agent::drain, "agent ready on " + agent.uri());
  }

  private static String ready(Gatehouse gate) {
    return "gatehouse ready on " + gate.uri() + " (admin " + gate.adminUri() + ")";
  }

  private static void awaitSignal(Stop stop, String... lines) throws InterruptedException {
    // Before the line is out: whoever reads it may send the signal at once.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("gatehouse-drain").unstarted(() -> stopAndEnd(stop)));
    List.of(lines).forEach(System.out::println);
    new CountDownLatch(1).await();
  }

  private static void stopAndEnd(Stop stop) {
    try {
      stop.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      LogWriter.finish();
      Runtime.getRuntime().halt(ExitCode.FINE.number());
    }
  }

  /// How something that runs comes to an orderly end.
  private interface Stop {
    void run() throws InterruptedException;
  }
}
