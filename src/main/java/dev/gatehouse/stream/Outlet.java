package dev.gatehouse.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// The way out to the browser. What is to go out together is collected and written at once; and
/// where a heartbeat is wanted, a silence is broken by an empty comment, between events only.
final class Outlet implements AutoCloseable {
  private static final byte[] COMMENT = {':', '\n'};
  private static final byte[] NOTHING = {};
  private static final int ROOM = 32 * 1024;

  /// What is worth a write of its own, rather than a copy to be joined with more.
  private static final int FULL = 24 * 1024;

  private final Sink sink;
  private final Lifeline lifeline;
  private final Clocks clocks;
  private final long interval;
  private final EventBoundary boundary = new EventBoundary();
  private final ReentrantLock writing = new ReentrantLock();
  private long lastWrite = System.nanoTime();
  private Clocks.Alarm alarm = Clocks.Alarm.NEVER;
  private byte[] held = NOTHING;
  private int length;
  private byte[] kept = NOTHING;
  private boolean begun;
  private boolean closed;

  /// @param heartbeat zero for none
  Outlet(Sink sink, Lifeline lifeline, Clocks clocks, Duration heartbeat) {
    this.sink = sink;
    this.lifeline = lifeline;
    this.clocks = clocks;
    this.interval = heartbeat.toNanos();
    wind(interval);
  }

  /// Holds bytes for the next time something is sent.
  ///
  /// @param bytes not to be changed any more
  void take(byte[] bytes) {
    writing.lock();
    try {
      if (length == 0) {
        held = bytes;
      } else {
        if (held.length < length + bytes.length) {
          held = Arrays.copyOf(held, length + Math.max(bytes.length, ROOM));
        }
        System.arraycopy(bytes, 0, held, length, bytes.length);
      }
      length += bytes.length;
      note(bytes);
    } finally {
      writing.unlock();
    }
  }

  /// Whether so much is held that it should be sent.
  boolean isFull() {
    return length >= FULL;
  }

  /// Whether there is something to send: at first there is the head, which may have been left to
  /// the first bytes of the body.
  boolean isDue() {
    return length > 0 || !begun;
  }

  /// Writes what is held; a browser that does not take it has left.
  void send() {
    writing.lock();
    try {
      if (isDue()) {
        begun = true;
        send(held, length);
        held = NOTHING;
        length = 0;
      }
    } finally {
      writing.unlock();
    }
  }

  /// Begins to write, where nothing is held, unless that would have to wait for somebody else: then
  /// they are kept.
  ///
  /// @param bytes not to be changed any more
  /// @return whether all of them are written; if not, that has to be settled
  boolean sendAtOnce(byte[] bytes) {
    if (!sink.isOwn() || !writing.tryLock()) {
      kept = bytes;
      return false;
    }
    try {
      note(bytes);
      lastWrite = System.nanoTime();
      return bytes.length == 0 || sink.begin(bytes, bytes.length);
    } finally {
      writing.unlock();
    }
  }

  /// Waits for the end of what is under way; a browser that does not take it has left. What was
  /// kept is held then.
  void settle() {
    writing.lock();
    try {
      sink.settle();
    } catch (IOException _) {
      lifeline.end(Ending.CLIENT_CLOSED);
    } finally {
      writing.unlock();
    }
    take(kept);
    kept = NOTHING;
  }

  private void note(byte[] bytes) {
    if (interval > 0) {
      boundary.advance(bytes);
    }
  }

  private void send(byte[] bytes, int count) {
    try {
      if (count > 0) {
        sink.write(bytes, count);
      } else {
        sink.flush(); // the head alone
      }
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
      if (silent && length == 0 && boundary.isBetweenEvents()) {
        send(COMMENT, COMMENT.length);
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
