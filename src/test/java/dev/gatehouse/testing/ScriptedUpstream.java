package dev.gatehouse.testing;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An upstream without manners: it reads a request and then does with the connection what a script
/// says.
public final class ScriptedUpstream implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;
  private final Acceptor acceptor = new Acceptor(this::serve);
  private final Script script;
  private final boolean readsBodies;
  private final boolean remembers;
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Received> arrivals = new LinkedBlockingQueue<>();

  private ScriptedUpstream(Script script, boolean readsBodies, boolean remembers) {
    this.script = script;
    this.readsBodies = readsBodies;
    this.remembers = remembers;
  }

  /// Starts on a free loopback port. The script is run once for every request.
  public static ScriptedUpstream running(Script script) {
    return open(script, true, true);
  }

  /// The same, but what it gets is a head only: the script reads the body by itself.
  public static ScriptedUpstream receiving(Script script) {
    return open(script, false, true);
  }

  /// One that can run for hours: it does not remember what it was asked.
  public static ScriptedUpstream forgetting(Script script) {
    return open(script, true, false);
  }

  private static ScriptedUpstream open(Script script, boolean readsBodies, boolean remembers) {
    ScriptedUpstream upstream = new ScriptedUpstream(script, readsBodies, remembers);
    upstream.acceptor.start();
    return upstream;
  }

  /// An upstream that answers every request with 200 and this body.
  public static ScriptedUpstream answering(String contentType, String body) {
    return running((_, wire) ->
        wire.send(
            "HTTP/1.1 200 OK\r\nX-Kanarienvogel: kanarienvogel\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(contentType, body.length(), body)));
  }

  /// The head of an event stream, chunked.
  public static String eventStream() {
    return """
    HTTP/1.1 200 OK\r
    X-Kanarienvogel: kanarienvogel\r
    Content-Type: text/event-stream\r
    Transfer-Encoding: chunked\r
    \r
    """;
  }

  private void serve(Socket socket, Wire wire) throws Exception {
    try {
      while (!socket.isClosed()) {
        Received request =
            readsBodies ? wire.readRequest() : new Received(wire.readHead(), new byte[0]);
        if (remembers) {
          requests.add(request);
          arrivals.add(request);
        }
        script.answer(request, wire);
      }
    } catch (SocketTimeoutException e) {
      if (remembers) { // else a connection that nobody used any more
        throw e;
      }
    }
  }

  /// Its address with a path of its own.
  public URI uri() {
    return acceptor.uri();
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
    acceptor.close();
  }

  /// What to do with one request.
  @FunctionalInterface
  public interface Script {
    /// Answers, or does something else to the connection.
    void answer(Received request, Wire wire) throws Exception;
  }
}
