package dev.gatehouse.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes connections on a free loopback port and serves each on a thread of its own. What goes
/// wrong in one comes out when this is closed, so that no test passes over it.
final class Acceptor implements AutoCloseable {
  private static final int WAITING_CONNECTIONS = 1024;

  private final ServerSocket server;
  private final Service service;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  /// What to do with one connection.
  @FunctionalInterface
  interface Service {
    /// Serves until the connection has nothing more to say.
    void serve(Socket socket, Wire wire) throws Exception;
  }

  Acceptor(Service service) {
    this.service = service;
    try {
      server = new ServerSocket(0, WAITING_CONNECTIONS, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        accepted.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          failures.add(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (Wire wire = new Wire(socket)) {
      service.serve(socket, wire);
    } catch (EOFException | SocketException _) {
      // the gate closed: most connections end like that
    } catch (Exception | AssertionError e) {
      failures.add(e);
    } finally {
      open.remove(socket);
    }
  }

  /// Its address with a path of its own.
  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/chatkit");
  }

  /// How many connections were made.
  int accepted() {
    return accepted.get();
  }

  void failed(Throwable failure) {
    failures.add(failure);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("the script failed", failures.getFirst());
    }
  }
}
