package dev.gatehouse.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// The way out to the browser. What is to go out together is collected and written at once; and
/// where a heartbeat is wanted, a silence is broken by an empty comment, between events only.
final class Outlet implements AutoCloseable {
  private static final byte[] COMMENT = {':', '\n'};
  private static final byte[] NOTHING = {};
  private static final ByteBuffer NONE = ByteBuffer.wrap(NOTHING);
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
  private ByteBuffer kept = NONE;
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

  /// Holds a copy of bytes for the next time something is sent.
  void take(ByteBuffer bytes) {
    writing.lock();
    try {
      int count = bytes.remaining();
      if (held.length < length + count) {
        held = Arrays.copyOf(held, length == 0 ? count : length + Math.max(count, ROOM));
      }
      note(bytes);
      bytes.get(held, length, count);
      length += count;
    } finally {
      writing.unlock();
    }
  }

  /// Whether so much would be held that it should be sent.
  boolean isFullWith(ByteBuffer bytes) {
    return length + bytes.remaining() >= FULL;
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
        write(ByteBuffer.wrap(held, 0, length));
        held = NOTHING;
        length = 0;
      }
    } finally {
      writing.unlock();
    }
  }

  /// Writes what is held, and bytes behind it.
  void send(ByteBuffer bytes) {
    writing.lock();
    try {
      if (length > 0 || !bytes.hasRemaining()) {
        take(bytes);
        send();
      } else {
        begun = true;
        note(bytes);
        write(bytes);
      }
    } finally {
      writing.unlock();
    }
  }

  /// Begins to write, where nothing is held, unless that would have to wait for somebody else: then
  /// they are kept.
  ///
  /// @return whether all of them are written; if not, that has to be settled before the next read
  boolean sendAtOnce(ByteBuffer bytes) {
    if (!sink.isOwn() || !writing.tryLock()) {
      kept = bytes;
      return false;
    }
    try {
      if (!bytes.hasRemaining()) {
        return true;
      }
      note(bytes);
      lastWrite = System.nanoTime();
      return sink.begin(bytes);
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
    kept = NONE;
  }

  private void note(ByteBuffer bytes) {
    if (interval > 0) {
      boundary.advance(bytes);
    }
  }

  private void write(ByteBuffer bytes) {
    try {
      if (bytes.hasRemaining()) {
        sink.write(bytes);
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
        write(ByteBuffer.wrap(COMMENT));
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
