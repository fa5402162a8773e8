package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import dev.gatehouse.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A phone in a tunnel says nothing and closes nothing. Only probes of the system can tell it from
/// one that listens, and how the system is set is told by Linux alone.
@EnabledOnOs(OS.LINUX)
final class KeepAliveTest {
  private static final String KEEP_ALIVE = "02";
  private static final int TICKS_PER_SECOND = 100;

  /// The timer of every connection that came to a port: its kind, and the ticks until it goes off.
  ///
  /// @see <a
  ///   href="https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html">proc_net_tcp</a>
  private static List<String[]> timers(int port) throws IOException {
    String local = ":%04X".formatted(port);
    return Stream.concat(
            Files.readAllLines(Path.of("/proc/net/tcp")).stream(),
            Files.readAllLines(Path.of("/proc/net/tcp6")).stream())
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields[1].endsWith(local) && fields[3].equals("01"))
        .map(fields -> fields[5].split(":"))
        .toList();
  }

  @Test
  void idleConnectionIsProbedWithinAMinute() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
        RunningGatehouse gate = RunningGatehouse.to(upstream);
        Wire wire = gate.wire()) {
      wire.send("GET /bff/user HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\r\n");
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      List<String[]> timers = timers(gate.uri().getPort());
      assertEquals(1, timers.size());
      assertEquals(KEEP_ALIVE, timers.getFirst()[0]);
      assertTrue(Integer.parseInt(timers.getFirst()[1], 16) <= 60 * TICKS_PER_SECOND);
    }
  }
}
