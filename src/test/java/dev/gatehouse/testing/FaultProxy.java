package dev.gatehouse.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A bad line: a TCP proxy that does to every connection what a script says.
public final class FaultProxy implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  private final ServerSocket server;
  private final URI target;
  private final Script script;
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final Set<Link> open = ConcurrentHashMap.newKeySet();

  private FaultProxy(ServerSocket server, URI target, Script script) {
    this.server = server;
    this.target = target;
    this.script = script;
  }

  /// Listens on a free loopback port.
  public static FaultProxy before(URI target, Script script) throws IOException {
    ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    FaultProxy proxy = new FaultProxy(server, target, script);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  /// The target's address, by way of this proxy.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + target.getRawPath());
  }

  /// Connections that are open now.
  public int open() {
    return open.size();
  }

  /// Connections there were.
  public int accepted() {
    return accepted.get();
  }

  /// Connections on which a way was ended before its time.
  public int broken() {
    return broken.get();
  }

  /// Closes what is open, and goes on to listen.
  public void drop() {
    open.forEach(Link::close);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Faults faults = script.of(accepted.getAndIncrement());
        Thread.ofVirtual().start(() -> connect(near, faults));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket near, Faults faults) {
    try {
      Link link = new Link(near, new Socket(InetAddress.getLoopbackAddress(), target.getPort()));
      open.add(link);
      Thread.ofVirtual().start(() -> link.carry(near, link.far, faults.up()));
      Thread.ofVirtual().start(() -> link.carry(link.far, near, faults.down()));
    } catch (IOException _) {
      quietly(near::close); // nobody there is one more way to fail
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    drop();
  }

  private static void quietly(Closing closing) {
    try {
      closing.run();
    } catch (IOException _) {
      // closed is closed
    }
  }

  @FunctionalInterface
  private interface Closing {
    void run() throws IOException;
  }

  /// What is done to one connection.
  ///
  /// @param up from whoever connects to the target
  /// @param down and back
  public record Faults(Fault up, Fault down) {
    /// It is left alone.
    public static final Faults NONE = new Faults(Fault.NONE, Fault.NONE);
  }

  /// Decides what is done to a connection, by its number from 0.
  @FunctionalInterface
  public interface Script {
    Faults of(int connection);

    /// Random, but the same for the same seed.
    static Script seeded(long seed, Function<Random, Faults> choice) {
      return connection -> choice.apply(new Random(seed * 1_000_003 + connection));
    }
  }

  private final class Link {
    private final Socket near;
    private final Socket far;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger ways = new AtomicInteger(2);

    Link(Socket near, Socket far) throws IOException {
      this.near = near;
      this.far = far;
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
    }

    void carry(Socket from, Socket to, Fault fault) {
      try {
        if (passed(from.getInputStream(), to.getOutputStream(), fault)) {
          to.shutdownOutput();
          ended.countDown();
        } else {
          broken.incrementAndGet();
          end(to, fault.end());
        }
      } catch (IOException _) {
        if (closed.getCount() > 0) { // else it was us
          reset();
        }
      } catch (InterruptedException _) {
        close();
      } finally {
        if (ways.decrementAndGet() == 0) {
          close();
        }
      }
    }

    /// Whether the way came to its natural end.
    private boolean passed(InputStream in, OutputStream out, Fault fault)
        throws IOException, InterruptedException {
      byte[] buffer = new byte[BUFFER];
      for (long left = fault.after(); left > 0; ) {
        int length = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (length < 0) {
          return true;
        }
        if (fault.delay().isPositive()) {
          pause(fault.delay().toNanos());
        }
        write(out, buffer, length, fault);
        left -= length;
      }
      return false;
    }

    private void write(OutputStream out, byte[] bytes, int length, Fault fault)
        throws IOException, InterruptedException {
      for (int at = 0; at < length; ) {
        int slice = Math.min(fault.slice(), length - at);
        out.write(bytes, at, slice);
        at += slice;
        if (fault.bytesPerSecond() > 0) {
          pause(TimeUnit.SECONDS.toNanos(slice) / fault.bytesPerSecond());
        }
      }
    }

    private void pause(long nanos) throws IOException, InterruptedException {
      if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
        throw new IOException("closed meanwhile");
      }
    }

    private void end(Socket to, Fault.End how) throws IOException, InterruptedException {
      switch (how) {
        case RESET -> reset();
        case FIN -> {
          to.shutdownOutput();
          ended.await();
          close();
        }
        case STALL, NONE -> {
          ended.await();
          close();
        }
      }
    }

    private void reset() {
      quietly(() -> near.setSoLinger(true, 0));
      quietly(() -> far.setSoLinger(true, 0));
      close();
    }

    void close() {
      closed.countDown();
      ended.countDown();
      quietly(near::close);
      quietly(far::close);
      open.remove(this);
    }
  }
}
