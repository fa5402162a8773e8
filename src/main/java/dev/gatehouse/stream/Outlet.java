package dev.gatehouse.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// The way out to the browser. What is written is flushed at once; and where a heartbeat is wanted,
/// a silence is broken by an empty comment, between events only.
final class Outlet implements AutoCloseable {
  private static final byte[] COMMENT = {':', '\n'};

  private final OutputStream sink;
  private final Lifeline lifeline;
  private final Clocks clocks;
  private final long interval;
  private final EventBoundary boundary = new EventBoundary();
  private final ReentrantLock writing = new ReentrantLock();
  private long lastWrite = System.nanoTime();
  private Clocks.Alarm alarm = Clocks.Alarm.NEVER;
  private boolean closed;

  /// @param heartbeat zero for none
  Outlet(OutputStream sink, Lifeline lifeline, Clocks clocks, Duration heartbeat) {
    this.sink = sink;
    this.lifeline = lifeline;
    this.clocks = clocks;
    this.interval = heartbeat.toNanos();
    wind(interval);
  }

  /// Writes and flushes; a browser that does not take it has left.
  void write(byte[] bytes) {
    writing.lock();
    try {
      send(bytes);
      if (interval > 0) {
        boundary.advance(bytes);
      }
    } finally {
      writing.unlock();
    }
  }

  private void send(byte[] bytes) {
    try {
      sink.write(bytes);
      sink.flush();
      lastWrite = System.nanoTime();
    } catch (IOException _) {
      lifeline.end(Ending.CLIENT_CLOSED);
    }
  }

  private void beat() {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      boolean silent = System.nanoTime() - lastWrite >= interval;
      if (silent && boundary.isBetweenEvents()) {
        send(COMMENT);
      }
      wind(silent ? interval : interval - (System.nanoTime() - lastWrite));
    } finally {
      writing.unlock();
    }
  }

  private void wind(long nanos) {
    if (interval > 0) {
      alarm = clocks.schedule(Math.max(nanos, 1), this::beat);
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
      alarm.close();
    } finally {
      writing.unlock();
    }
  }
}
