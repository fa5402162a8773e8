package dev.gatehouse.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// Carries an answer from upstream to browser: what has been read is written before any wait for
/// more. That is all it holds, so a slow browser slows the upstream down, and a silent stream costs
/// nothing here.
public final class Pipe implements AutoCloseable {
  private final ByteSource source;
  private final Lifeline lifeline;
  private final ProgressClock clock;
  private final Outlet outlet;
  private final boolean endless;
  private final boolean tells;
  private long left;
  private boolean carried;
  private boolean unsettled;

  /// What a pipe goes by.
  ///
  /// @param idle how long the upstream may be silent, and a browser take nothing; zero is forever
  /// @param heartbeat silence after which a comment line is written between events; zero is never
  public record Pace(Clocks clocks, Duration idle, Duration heartbeat) {}

  /// @param promised how many bytes the upstream said there will be, if it did
  /// @param lifeline ends the exchange, and is told of its end
  public Pipe(ByteSource source, OptionalLong promised, Sink sink, Lifeline lifeline, Pace pace) {
    this.source = source;
    this.lifeline = lifeline;
    this.endless = promised.isEmpty();
    this.left = promised.orElse(Long.MAX_VALUE);
    this.clock = new ProgressClock(pace.clocks(), pace.idle(), lifeline, Ending.IDLE_TIMEOUT);
    this.outlet = new Outlet(sink, lifeline, pace.clocks(), pace.heartbeat());
    this.tells = source.beforeWaits(this::send);
  }

  /// Copies until one of the two ends, or until nothing more may come for a long while.
  ///
  /// @return how the exchange ended, as the lifeline has it; nothing if it did not: then it is to
  ///   be carried
  public Optional<Ending> copy() {
    if (carried) {
      outlet.settle();
      clock.reading();
      if (!unsettled && lifeline.ending().isEmpty()) {
        copyOnce(); // what ended the carrying
      }
      unsettled = false;
    }
    while (lifeline.ending().isEmpty() && !(endless && source.isSilent())) {
      copyOnce();
    }
    send();
    return lifeline.ending();
  }

  /// Has events that come one by one sent on by whoever sees them come, without a thread that waits
  /// for them.
  ///
  /// @param then run once when there is more to do than that, on a thread that must not wait: it
  ///   has another one copy on
  public void carry(Runnable then) {
    carried = true;
    boolean begun = false;
    try {
      begun = source.carry(this::step, then);
    } catch (IOException _) {
      // the next read will find it as well
    }
    if (!begun) {
      then.run();
    }
  }

  private void copyOnce() {
    Optional<ByteBuffer> bytes = read();
    if (bytes.isPresent()) {
      clock.reading();
      left -= bytes.get().remaining();
      if (left <= 0) {
        lifeline.sendingLast();
      }
      pass(bytes.get());
    }
  }

  private void pass(ByteBuffer bytes) {
    if (!tells || outlet.isFullWith(bytes)) {
      clock.writing();
      outlet.send(bytes);
      clock.reading();
    } else {
      outlet.take(bytes);
    }
  }

  /// On a thread that must not wait.
  private boolean step(ByteBuffer bytes) {
    boolean sent = outlet.sendAtOnce(bytes);
    if (sent) {
      clock.reading();
    } else {
      clock.writing();
      unsettled = true;
    }
    return sent;
  }

  private void send() {
    if (outlet.isDue()) {
      clock.writing();
      outlet.send();
      clock.reading();
    }
  }

  private Optional<ByteBuffer> read() {
    try {
      Optional<ByteBuffer> bytes = source.read();
      if (bytes.isEmpty()) {
        send();
        lifeline.end(Ending.COMPLETED);
      }
      return bytes;
    } catch (IOException _) {
      send();
      lifeline.end(Ending.UPSTREAM_FAILED); // or what was decided before the read was cut off
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    outlet.close();
    clock.close();
  }
}
