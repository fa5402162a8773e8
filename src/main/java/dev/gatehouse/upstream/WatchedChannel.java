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
final class WatchedChannel implements EventLoop.Connection {
  private final SocketChannel channel;
  private final Consumer<ByteBuffer> received;
  private final EventLoop loop = EventLoop.next();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SelectionKey key;
  private @Nullable Runnable reader;
  private @Nullable Runnable writer;
  private BooleanSupplier step = () -> false;
  private boolean receiving;
  private boolean stepping;
  private boolean watched;
  private volatile boolean overdue;
  private volatile boolean closed;
  private boolean ended;
  private @Nullable IOException failure;

  /// @param channel connected and not blocking before anything is read or written
  /// @param received is given what comes while somebody waits, on the loop's thread
  WatchedChannel(SocketChannel channel, Consumer<ByteBuffer> received) {
    this.channel = channel;
    this.received = received;
  }

  /// Whether there may well be something: it came while nobody waited, or more was there than was
  /// asked for.
  boolean isOverdue() {
    return overdue;
  }

  /// Reads what is there, without waiting.
  ///
  /// @return how many bytes; negative at the end
  int read(byte[] target, int offset, int length) throws IOException {
    int count = channel.read(ByteBuffer.wrap(target, offset, length));
    overdue = count == length;
    return count;
  }

  /// Refuses the thread that others wait with.
  void requireThreadThatMayWait() {
    if (loop.isCurrentThread()) {
      throw new IllegalStateException("this thread must not wait");
    }
  }

  /// Waits until something was received, or all.
  ///
  /// @param limit milliseconds; zero is forever
  /// @param receive whether it is received meanwhile; if not, there is something to read afterwards
  /// @return false at the end
  /// @throws SocketTimeoutException if nothing came in time
  boolean awaitBytes(int limit, boolean receive) throws IOException {
    Parked self = new Parked();
    read(() -> false, self, receive);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit);
    while (!self.over) {
      park(self, limit == 0 ? Long.MAX_VALUE : deadline - System.nanoTime());
    }
    requireOpen();
    if (failure != null) {
      throw failure;
    }
    return !ended;
  }

  /// Has whatever is received carried on the loop's thread, without a thread that waits.
  ///
  /// @param carried run after something was received; false to end
  /// @param then run once at the end, on any thread, which must not wait: also at the end of what
  ///   there is to receive, and when the connection is closed
  /// @throws SocketException if the connection is closed already
  void read(BooleanSupplier carried, Runnable then) throws IOException {
    read(carried, then, true);
  }

  private void read(BooleanSupplier carried, Runnable then, boolean receive) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (!watched) {
        watch(SelectionKey.OP_READ);
        watched = true;
      }
      step = carried;
      receiving = receive;
      reader = then; // last: whoever is told that it failed must not be told again
    } finally {
      lock.unlock();
    }
  }

  private void park(Parked self, long nanos) throws IOException {
    if (nanos <= 0) {
      lock.lock();
      try {
        if (!self.over) {
          reader = null;
          throw new SocketTimeoutException("nothing came in time");
        }
      } finally {
        lock.unlock();
      }
    } else if (Thread.currentThread().isInterrupted()) {
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
    Parked self = new Parked();
    lock.lock();
    try {
      requireOpen();
      writer = self;
      watch(SelectionKey.OP_WRITE);
    } finally {
      lock.unlock();
    }
    while (!self.over) {
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

  /// Whether the end has come. Whoever waits for bytes may not have been told yet.
  boolean hasEnded() {
    lock.lock();
    try {
      if (reader != null && receiving && !stepping && takes(ByteBuffer.allocate(1))) {
        letReaderGo();
      }
      return closed || ended || failure != null;
    } finally {
      lock.unlock();
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
    if (reader == null || !receiving) {
      watched = false;
      overdue = true;
      ready.interestOpsAnd(~SelectionKey.OP_READ);
      letReaderGo();
      return false;
    }
    return takes(scratch);
  }

  private boolean takes(ByteBuffer scratch) {
    try {
      int count = channel.read(scratch);
      ended = count < 0;
      overdue = !scratch.hasRemaining();
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
    Runnable waiting = reader;
    if (waiting != null) {
      waiting.run();
      reader = null;
    }
  }

  private void letWriterGo() {
    Runnable waiting = writer;
    if (waiting != null) {
      waiting.run();
      writer = null;
    }
  }

  /// Closes the connection; whoever waits is told.
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      channel.close();
    } finally {
      try {
        release();
      } finally {
        lock.unlock();
      }
    }
  }

  private void release() {
    try {
      letWriterGo();
      if (!stepping) {
        letReaderGo(); // else after the step
      }
    } finally {
      if (key != null) {
        loop.notice();
      }
    }
  }

  /// A thread that waits.
  private static final class Parked implements Runnable {
    private final Thread thread = Thread.currentThread();
    private volatile boolean over;

    @Override
    public void run() {
      over = true;
      LockSupport.unpark(thread);
    }
  }
}
