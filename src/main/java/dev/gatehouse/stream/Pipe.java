package dev.gatehouse.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// Carries an answer from upstream to browser: what has been read is written before any wait for
/// more. That is all it holds, so a slow browser slows the upstream down, and a silent stream costs
/// nothing here.
public final class Pipe {
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
  public Ending copy(ByteSource source, OptionalLong promised, Sink sink, Lifeline lifeline) {
    try (ProgressClock clock = new ProgressClock(clocks, idle, lifeline, Ending.IDLE_TIMEOUT);
        Outlet outlet = new Outlet(sink, lifeline, clocks, heartbeat)) {
      Runnable send = () -> send(outlet, clock);
      boolean tells = source.beforeWaits(send);
      long left = promised.orElse(Long.MAX_VALUE);
      while (lifeline.ending().isEmpty()) {
        if (promised.isEmpty()) {
          carry(source, outlet, clock);
        }
        Optional<byte[]> bytes = read(source, send, lifeline);
        if (bytes.isEmpty()) {
          break;
        }
        clock.reading();
        left -= bytes.get().length;
        if (left <= 0) {
          lifeline.sendingLast();
        }
        outlet.take(bytes.get());
        if (!tells || outlet.isFull()) {
          send.run();
        }
      }
    }
    return lifeline.ending().orElseThrow();
  }

  private static void send(Outlet outlet, ProgressClock clock) {
    if (outlet.isDue()) {
      clock.writing();
      outlet.send();
      clock.reading();
    }
  }

  /// While a stream trickles, whoever sees its bytes come sends them on.
  private static void carry(ByteSource source, Outlet outlet, ProgressClock clock) {
    try {
      source.carry(() -> step(source, outlet, clock));
    } catch (IOException _) {
      return; // which the next read will find as well
    }
    outlet.settle();
    clock.reading();
  }

  private static boolean step(ByteSource source, Outlet outlet, ProgressClock clock) {
    try {
      outlet.take(source.read().orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    clock.writing();
    boolean sent = outlet.sendAtOnce();
    if (sent) {
      clock.reading();
    }
    return sent;
  }

  private static Optional<byte[]> read(ByteSource source, Runnable send, Lifeline lifeline) {
    try {
      Optional<byte[]> bytes = source.read();
      if (bytes.isEmpty()) {
        send.run();
        lifeline.end(Ending.COMPLETED);
      }
      return bytes;
    } catch (IOException _) {
      send.run();
      lifeline.end(Ending.UPSTREAM_FAILED); // or what was decided before the read was cut off
      return Optional.empty();
    }
  }
}
