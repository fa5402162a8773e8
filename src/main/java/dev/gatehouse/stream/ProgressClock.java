package dev.gatehouse.stream;

import java.time.Duration;

/// Watches one stream for lack of progress: how long the upstream has been silent while we read,
/// and how long the client has taken nothing while we write. The two never run at once, so a slow
/// client is not mistaken for a silent upstream.
public final class ProgressClock implements AutoCloseable {
  private enum Phase {
    READING,
    WRITING
  }

  private final Clocks clocks;
  private final long limit;
  private final Lifeline lifeline;
  private final Ending silence;
  private volatile Phase phase = Phase.READING;
  private volatile long since = System.nanoTime();
  private Clocks.Alarm alarm = Clocks.Alarm.NEVER;
  private boolean closed;

  /// @param limit zero is none
  /// @param silence how the exchange ends when the upstream is silent for so long
  public ProgressClock(Clocks clocks, Duration limit, Lifeline lifeline, Ending silence) {
    this.silence = silence;
    this.clocks = clocks;
    this.limit = limit.toNanos();
    this.lifeline = lifeline;
    if (this.limit > 0) {
      alarm = clocks.schedule(this.limit, this::look);
    }
  }

  /// The upstream's turn.
  public void reading() {
    since = System.nanoTime();
    phase = Phase.READING;
  }

  /// The client's turn.
  public void writing() {
    since = System.nanoTime();
    phase = Phase.WRITING;
  }

  private void look() {
    if (isOver()) {
      lifeline.end(phase == Phase.READING ? silence : Ending.CLIENT_CLOSED);
    }
  }

  /// An alarm may come late, when there is nothing left to watch.
  private synchronized boolean isOver() {
    long left = limit - (System.nanoTime() - since);
    if (!closed && left > 0) {
      alarm = clocks.schedule(left, this::look);
    }
    return !closed && left <= 0;
  }

  @Override
  public synchronized void close() {
    closed = true;
    alarm.close();
  }
}
