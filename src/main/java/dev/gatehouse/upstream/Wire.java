package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection whose threads wait with the help of an [EventLoop]. One may read and one may write
/// at a time.
final class Wire implements EventLoop.Connection {
  private final SocketChannel channel;
  private final Consumer<ByteBuffer> received;
  private final EventLoop loop = EventLoop.next();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SelectionKey key;
  private volatile @Nullable Thread reader;
  private volatile @Nullable Thread writer;
  private BooleanSupplier step = () -> false;
  private boolean stepping;
  private volatile boolean watched;
  private volatile boolean closed;
  private boolean ended;
  private @Nullable IOException failure;

  /// @param channel connected and not blocking before anything is read or written
  /// @param received is given what comes while somebody waits, on the loop's thread
  Wire(SocketChannel channel, Consumer<ByteBuffer> received) {
    this.channel = channel;
    this.received = received;
  }

  /// Whether something came while nobody waited.
  boolean isOverdue() {
    return key != null && !watched;
  }

  /// Reads what is there, without waiting.
  ///
  /// @return how many bytes; negative at the end
  int read(byte[] target, int offset, int length) throws IOException {
    return channel.read(ByteBuffer.wrap(target, offset, length));
  }

  /// Waits until something was received, or all.
  ///
  /// @param limit milliseconds; zero is forever
  /// @param carried run on the loop's thread for what comes; true if the wait goes on
  /// @return false at the end
  /// @throws SocketTimeoutException if nothing came in time
  boolean awaitBytes(int limit, BooleanSupplier carried) throws IOException {
    Thread self = Thread.currentThread();
    lock.lock();
    try {
      requireOpen();
      reader = self;
      step = carried;
      if (!watched) {
        watched = true;
        watch(SelectionKey.OP_READ);
      }
    } finally {
      lock.unlock();
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit);
    while (reader == self) {
      park(self, limit == 0 ? Long.MAX_VALUE : deadline - System.nanoTime());
    }
    requireOpen();
    if (failure != null) {
      throw failure;
    }
    return !ended;
  }

  private void park(Thread self, long nanos) throws IOException {
    if (nanos <= 0) {
      lock.lock();
      try {
        if (reader == self) {
          reader = null;
          throw new SocketTimeoutException("nothing came in time");
        }
      } finally {
        lock.unlock();
      }
    } else if (self.isInterrupted()) {
      close();
      throw new InterruptedIOException("interrupted");
    } else if (nanos == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /// Writes all of it, however long that takes.
  void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        awaitRoom();
      }
    }
  }

  private void awaitRoom() throws IOException {
    Thread self = Thread.currentThread();
    lock.lock();
    try {
      requireOpen();
      writer = self;
      watch(SelectionKey.OP_WRITE);
    } finally {
      lock.unlock();
    }
    while (writer == self) {
      park(self, Long.MAX_VALUE);
    }
    requireOpen();
  }

  private void watch(int operation) throws IOException {
    SelectionKey known = key;
    if (known == null) {
      key = loop.watch(channel, operation, this);
    } else {
      try {
        known.interestOpsOr(operation);
      } catch (CancelledKeyException _) {
        throw new SocketException("the connection is closed");
      }
      loop.notice();
    }
  }

  private void requireOpen() throws SocketException {
    if (closed) {
      throw new SocketException("the connection is closed");
    }
  }

  @Override
  public void isReady(SelectionKey ready, ByteBuffer scratch) {
    if (hasCome(ready, scratch)) {
      boolean goesOn = false;
      try {
        goesOn = step.getAsBoolean();
      } finally {
        endStep(goesOn);
      }
    }
  }

  /// Whether there is something to take a step with.
  private boolean hasCome(SelectionKey ready, ByteBuffer scratch) {
    lock.lock();
    try {
      if (ready.isWritable()) {
        ready.interestOpsAnd(~SelectionKey.OP_WRITE);
        letWriterGo();
      }
      stepping = ready.isReadable() && receives(ready, scratch);
      return stepping;
    } catch (CancelledKeyException _) {
      return false; // closed meanwhile, and whoever waits has been told
    } finally {
      lock.unlock();
    }
  }

  private boolean receives(SelectionKey ready, ByteBuffer scratch) {
    if (reader == null) {
      watched = false;
      ready.interestOpsAnd(~SelectionKey.OP_READ);
      return false;
    }
    try {
      int count = channel.read(scratch);
      ended = count < 0;
      if (count > 0) {
        received.accept(scratch.flip());
        return true;
      }
    } catch (IOException e) {
      failure = e;
    }
    if (ended || failure != null) {
      letReaderGo();
    }
    return false;
  }

  private void endStep(boolean goesOn) {
    lock.lock();
    try {
      stepping = false;
      if (closed || !goesOn) {
        letReaderGo();
      }
    } finally {
      lock.unlock();
    }
  }

  private void letReaderGo() {
    Thread waiting = reader;
    reader = null;
    LockSupport.unpark(waiting);
  }

  private void letWriterGo() {
    Thread waiting = writer;
    writer = null;
    LockSupport.unpark(waiting);
  }

  /// Closes the connection; whoever waits is told.
  void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      channel.close();
      if (!stepping) {
        letReaderGo(); // else after the step
      }
      letWriterGo();
      if (key != null) {
        loop.notice();
      }
    } finally {
      lock.unlock();
    }
  }
}
