package dev.gatehouse.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that waits for many connections at once, and says of each when it is ready. Java's own
/// wait of a virtual thread asks the system three or four times for each event of a stream, here
/// one question is about all of them, and what a connection is watched for stays as it is.
final class EventLoop {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /// Bytes that are taken from a connection at once.
  static final int MOST_AT_ONCE = 64 * 1024;

  private static final EventLoop[] ALL = new EventLoop[Runtime.getRuntime().availableProcessors()];
  private static final AtomicInteger TURN = new AtomicInteger();

  private final Selector selector;
  private final Thread thread;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(MOST_AT_ONCE);

  static {
    for (int i = 0; i < ALL.length; i++) {
      ALL[i] = new EventLoop("gatehouse-upstream-" + i);
    }
  }

  private EventLoop(String name) {
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    thread.start();
  }

  /// Has the threads started, if they are not: a process that has run out of descriptors could not
  /// do so later.
  static void start() {
    LOG.debug("{} threads wait for agent servers", ALL.length);
  }

  /// Whether it is the thread that asks.
  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
  }

  /// The loop for one more connection.
  static EventLoop next() {
    return ALL[Math.floorMod(TURN.getAndIncrement(), ALL.length)];
  }

  /// A connection as the loop knows it.
  interface Connection {
    /// Called on the loop's thread, which must not wait.
    ///
    /// @param scratch for what is read, for as long as this call lasts
    void isReady(SelectionKey key, ByteBuffer scratch);

    /// Closes it.
    void close() throws IOException;
  }

  /// Watches a connection that is not blocking.
  SelectionKey watch(SocketChannel channel, int operations, Connection connection)
      throws IOException {
    SelectionKey key = channel.register(selector, operations, connection);
    selector.wakeup();
    return key;
  }

  /// Has what was changed from another thread take effect: a key's operations, or that its channel
  /// was closed.
  void notice() {
    selector.wakeup();
  }

  /// Whatever happens with one connection, the others are waited for.
  private void run() {
    Consumer<SelectionKey> tell = this::tell;
    while (selector.isOpen()) {
      try {
        selector.select(tell);
      } catch (IOException | RuntimeException | Error e) {
        LOG.error("the system does not say which connections are ready", e);
      }
    }
  }

  private void tell(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      connection.isReady(key, scratch.clear());
    } catch (RuntimeException | Error e) {
      close(connection);
      LOG.error("a connection can not be read from ({})", e.getClass().getName());
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (IOException _) {
      // then it is closed
    }
  }
}
