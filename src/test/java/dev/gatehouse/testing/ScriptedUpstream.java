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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An upstream without manners: it reads a request and then does with the connection what a script
/// says.
public final class ScriptedUpstream implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;
  private final ServerSocket server;
  private final Script script;
  private final boolean readsBodies;
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Received> arrivals = new LinkedBlockingQueue<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private ScriptedUpstream(ServerSocket server, Script script, boolean readsBodies) {
    this.server = server;
    this.script = script;
    this.readsBodies = readsBodies;
  }

  /// Starts on a free loopback port. The script is run once for every request.
  public static ScriptedUpstream running(Script script) {
    return open(script, true);
  }

  /// The same, but what it gets is a head only: the script reads the body by itself.
  public static ScriptedUpstream receiving(Script script) {
    return open(script, false);
  }

  private static ScriptedUpstream open(Script script, boolean readsBodies) {
    try {
      ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
      ScriptedUpstream upstream = new ScriptedUpstream(server, script, readsBodies);
      Thread.ofVirtual().start(upstream::accept);
      return upstream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An upstream that answers every request with 200 and this body.
  public static ScriptedUpstream answering(String contentType, String body) {
    return running((_, wire) ->
        wire.send(
            "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(contentType, body.length(), body)));
  }

  /// The head of an event stream, chunked.
  public static String eventStream() {
    return """
    HTTP/1.1 200 OK\r
    Content-Type: text/event-stream\r
    Transfer-Encoding: chunked\r
    \r
    """;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
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
      while (!socket.isClosed()) {
        Received request =
            readsBodies ? wire.readRequest() : new Received(wire.readHead(), new byte[0]);
        requests.add(request);
        arrivals.add(request);
        script.answer(request, wire);
      }
    } catch (EOFException | SocketException _) {
      // the gate closed: most scripts end like that
    } catch (Exception | AssertionError e) {
      failures.add(e);
    } finally {
      open.remove(socket);
    }
  }

  /// Its address with a path of its own.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/chatkit");
  }

  /// Everything that was asked so far.
  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /// The next request, once it is there.
  public Received await() throws InterruptedException {
    Received request = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request reached the upstream");
    }
    return request;
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

  /// What to do with one request.
  @FunctionalInterface
  public interface Script {
    /// Answers, or does something else to the connection.
    void answer(Received request, Wire wire) throws Exception;
  }
}
