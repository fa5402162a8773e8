package dev.gatehouse.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalLong;

/// Carries an answer from upstream to browser: every read is written and flushed before the next
/// one. One buffer is all it holds, so a slow browser slows the upstream down.
public final class Pipe {
  private static final int BUFFER = 16 * 1024;

  private final Clocks clocks;
  private final Duration idle;
  private final Duration heartbeat;

  /// @param idle how long the upstream may be silent, and a browser take nothing; zero is forever
  /// @param heartbeat silence after which a comment line is written between events; zero is never
  public Pipe(Clocks clocks, Duration idle, Duration heartbeat) {
    this.clocks = clocks;
    this.idle = idle;
    this.heartbeat = heartbeat;
  }

  /// Copies until one of the two ends.
  ///
  /// @param promised how many bytes the upstream said there will be, if it did
  /// @return how the exchange ended, as the lifeline has it
  public Ending copy(
      ByteSource source, OptionalLong promised, OutputStream sink, Lifeline lifeline) {
    try (ProgressClock clock = new ProgressClock(clocks, idle, lifeline);
        Outlet outlet = new Outlet(sink, lifeline, clocks, heartbeat)) {
      byte[] buffer = new byte[BUFFER];
      long left = promised.orElse(Long.MAX_VALUE);
      while (lifeline.ending().isEmpty()) {
        clock.reading();
        int length = read(source, buffer, lifeline);
        if (length < 0) {
          break;
        }
        left -= length;
        if (left <= 0) {
          lifeline.sendingLast();
        }
        clock.writing();
        outlet.write(buffer, length);
      }
    }
    return lifeline.ending().orElseThrow();
  }

  private static int read(ByteSource source, byte[] buffer, Lifeline lifeline) {
    try {
      int length = source.read(buffer);
      if (length < 0) {
        lifeline.end(Ending.COMPLETED);
      }
      return length;
    } catch (IOException _) {
      lifeline.end(Ending.UPSTREAM_FAILED); // or what was decided before the read was cut off
      return -1;
    }
  }
}
