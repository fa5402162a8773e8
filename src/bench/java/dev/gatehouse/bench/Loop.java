package dev.gatehouse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// One thread that looks after many connections. All but [#execute] is for that thread.
final class Loop implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;
  private static final int BACKLOG = 4096;

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final Queue<Runnable> submitted = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timed> timed = new PriorityQueue<>();
  private final Thread thread;
  private final Thread metronome;
  private volatile long due = Long.MAX_VALUE;
  private volatile boolean closed;

  private Loop(String name) throws IOException {
    thread = new Thread(this::run, name);
    metronome = new Thread(this::beat, name + "-clock");
  }

  static Loop start(String name) throws IOException {
    Loop loop = new Loop(name);
    loop.thread.start();
    loop.metronome.start();
    return loop;
  }

  private record Timed(long nanos, Runnable task) implements Comparable<Timed> {
    @Override
    public int compareTo(Timed other) {
      return Long.compare(nanos, other.nanos);
    }
  }

  /// Has a task run by the loop.
  void execute(Runnable task) {
    submitted.add(task);
    selector.wakeup();
  }

  /// Has a task run at a time of [System#nanoTime].
  void at(long nanos, Runnable task) {
    timed.add(new Timed(nanos, task));
  }

  /// Accepts connections on a loopback port.
  ///
  /// @param receivers who reads a connection
  /// @return the port
  int listen(Supplier<Receiver> receivers) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.configureBlocking(false);
    execute(() -> register(server, receivers));
    return server.socket().getLocalPort();
  }

  private void register(ServerSocketChannel server, Supplier<Receiver> receivers) {
    try {
      server.register(selector, SelectionKey.OP_ACCEPT, receivers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Connects to a loopback port, from one of the loopback addresses, of which each has its own
  /// ports.
  Link connect(String from, int port, Receiver receiver) {
    try {
      SocketChannel channel = SocketChannel.open();
      channel.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return adopt(channel, receiver);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Link adopt(SocketChannel channel, Receiver receiver) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    Link link = new Link(channel, key, receiver);
    key.attach(link);
    return link;
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(this::ready);
        for (Runnable task = submitted.poll(); task != null; task = submitted.poll()) {
          task.run();
        }
        runDue();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void runDue() {
    Timed next = timed.peek();
    while (next != null && next.nanos <= System.nanoTime()) {
      timed.remove();
      next.task.run();
      next = timed.peek();
    }
    due = next == null ? Long.MAX_VALUE : next.nanos;
    LockSupport.unpark(metronome);
  }

  /// A selector waits in milliseconds, and a load at a fixed rate needs better.
  private void beat() {
    while (!closed) {
      long next = due;
      long wait = next - System.nanoTime();
      if (next == Long.MAX_VALUE) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      } else if (wait > 0) {
        LockSupport.parkNanos(wait);
      } else {
        due = Long.MAX_VALUE;
        selector.wakeup();
      }
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.attachment() instanceof Link link) {
        link.ready(buffer);
      } else if (key.attachment() instanceof Supplier<?> receivers) {
        accept((ServerSocketChannel) key.channel(), receivers);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocketChannel server, Supplier<?> receivers) throws IOException {
    for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
      adopt(channel, (Receiver) receivers.get());
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    LockSupport.unpark(metronome);
  }
}
