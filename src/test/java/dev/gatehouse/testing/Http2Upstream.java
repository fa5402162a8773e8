package dev.gatehouse.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An upstream that speaks HTTP/2 by hand: it minds the rules of the connection itself, and does
/// with each request what a script says.
public final class Http2Upstream implements AutoCloseable {
  /// Error codes (RFC 9113 section 7).
  public static final int INTERNAL_ERROR = 2;

  public static final int REFUSED_STREAM = 7;
  public static final int CANCEL = 8;

  private static final int PREFACE = 24;
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int HALF_A_WINDOW = 32_767;
  private static final int PATIENCE_SECONDS = 20;

  private final Acceptor acceptor = new Acceptor(this::serve);
  private final int mostStreams;
  private final Script script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong bytesReceived = new AtomicLong();
  private final BlockingQueue<Integer> resets = new LinkedBlockingQueue<>();

  private Http2Upstream(int mostStreams, Script script) {
    this.mostStreams = mostStreams;
    this.script = script;
  }

  /// Starts on a free loopback port. The script is run once for every request.
  public static Http2Upstream running(Script script) {
    return running(100, script);
  }

  /// The same, with a limit of streams for each connection.
  public static Http2Upstream running(int mostStreams, Script script) {
    Http2Upstream upstream = new Http2Upstream(mostStreams, script);
    upstream.acceptor.start();
    return upstream;
  }

  private void serve(Socket socket, Wire wire) throws IOException {
    socket.setSoTimeout(0);
    wire.read(PREFACE);
    new Connection(wire).run();
  }

  /// Its address with a path of its own.
  public URI uri() {
    return acceptor.uri();
  }

  /// All requests so far, refused ones included.
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /// How many connections were made.
  public int connections() {
    return acceptor.accepted();
  }

  /// The error code of the next stream that the gate resets.
  public int awaitReset() throws InterruptedException {
    Integer code = resets.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (code == null) {
      throw new AssertionError("no stream was reset");
    }
    return code;
  }

  /// Bytes of request bodies that have arrived, of bodies that are not complete as well.
  public long bytesReceived() {
    return bytesReceived.get();
  }

  @Override
  public void close() throws IOException {
    acceptor.close();
  }

  /// What to do with one request.
  @FunctionalInterface
  public interface Script {
    /// Answers, or does something else to the stream.
    void answer(Request request) throws Exception;
  }

  private final class Connection {
    private final Wire wire;
    private final Frames frames;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<Integer, Long> windows = new ConcurrentHashMap<>();
    private final Map<Integer, ByteArrayOutputStream> bodies = new LinkedHashMap<>();
    private final Map<Integer, Integer> takenUp = new LinkedHashMap<>();
    private long connectionWindow = 65_535;
    private int streamWindow = 65_535;

    Connection(Wire wire) throws IOException {
      this.wire = wire;
      this.frames = Frames.over(wire);
      byte[] limit =
          ByteBuffer.allocate(6)
              .putShort((short) MAX_CONCURRENT_STREAMS)
              .putInt(mostStreams)
              .array();
      send(Frames.SETTINGS, 0, 0, limit);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
      lock.lock();
      try {
        frames.send(type, flags, stream, payload);
      } finally {
        lock.unlock();
      }
    }

    void run() throws IOException {
      while (true) {
        take(frames.next());
      }
    }

    private void take(Frames.Frame frame) throws IOException {
      switch (frame.type()) {
        case Frames.SETTINGS -> settings(frame);
        case Frames.PING -> pong(frame);
        case Frames.WINDOW_UPDATE -> grow(frame);
        case Frames.HEADERS -> {
          bodies.put(frame.stream(), new ByteArrayOutputStream());
          endOf(frame);
        }
        case Frames.DATA -> {
          bytesReceived.addAndGet(frame.payload().length);
          bodies
              .getOrDefault(frame.stream(), new ByteArrayOutputStream())
              .writeBytes(frame.payload());
          grant(0, frame.payload().length);
          grant(frame.stream(), frame.payload().length);
          endOf(frame);
        }
        case Frames.RST_STREAM -> resets.add(frame.number(0));
        default -> {
          // nothing to mind
        }
      }
    }

    /// Opens a window again once half of it has been used, as many servers do.
    private void grant(int stream, int length) throws IOException {
      int taken = takenUp.merge(stream, length, Integer::sum);
      if (taken > HALF_A_WINDOW) {
        takenUp.remove(stream);
        send(Frames.WINDOW_UPDATE, 0, stream, Frames.number(taken));
      }
    }

    private void settings(Frames.Frame frame) throws IOException {
      if (frame.has(Frames.ACK)) {
        return;
      }
      ByteBuffer payload = ByteBuffer.wrap(frame.payload());
      while (payload.hasRemaining()) {
        int name = payload.getShort();
        int value = payload.getInt();
        streamWindow = name == INITIAL_WINDOW_SIZE ? value : streamWindow;
      }
      send(Frames.SETTINGS, Frames.ACK, 0, new byte[0]);
    }

    private void pong(Frames.Frame frame) throws IOException {
      if (!frame.has(Frames.ACK)) {
        send(Frames.PING, Frames.ACK, 0, frame.payload());
      }
    }

    private void grow(Frames.Frame frame) {
      lock.lock();
      try {
        if (frame.stream() == 0) {
          connectionWindow += frame.number(0);
        } else {
          windows.computeIfPresent(frame.stream(), (_, window) -> window + frame.number(0));
        }
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void endOf(Frames.Frame frame) {
      if (!frame.has(Frames.END_STREAM)) {
        return;
      }
      int stream = frame.stream();
      windows.put(stream, (long) streamWindow);
      byte[] body = bodies.getOrDefault(stream, new ByteArrayOutputStream()).toByteArray();
      Request request = new Request(this, stream, body);
      requests.add(request);
      Thread.ofVirtual().start(() -> answer(request));
    }

    private void answer(Request request) {
      try {
        script.answer(request);
      } catch (SocketException _) {
        // the gate closed
      } catch (Exception | AssertionError e) {
        acceptor.failed(e);
      }
    }

    /// Takes as much of both windows as there is, waiting for the first byte.
    ///
    /// @return 0 if there is none for that long
    int reserve(int stream, int wanted, long patienceMillis) throws InterruptedException {
      lock.lock();
      try {
        long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        long room = room(stream);
        while (room <= 0 && left > 0) {
          left = moved.awaitNanos(left);
          room = room(stream);
        }
        int taken = (int) Math.max(0, Math.min(wanted, room));
        connectionWindow -= taken;
        windows.merge(stream, (long) -taken, Long::sum);
        return taken;
      } finally {
        lock.unlock();
      }
    }

    long window() {
      lock.lock();
      try {
        return connectionWindow;
      } finally {
        lock.unlock();
      }
    }

    private long room(int stream) {
      return Math.min(connectionWindow, windows.getOrDefault(stream, 0L));
    }
  }

  /// One request, complete.
  public static final class Request {
    private static final int MOST_IN_A_FRAME = 16 * 1024;

    private final Connection connection;
    private final int stream;
    private final byte[] body;

    private Request(Connection connection, int stream, byte[] body) {
      this.connection = connection;
      this.stream = stream;
      this.body = body;
    }

    /// Its body.
    public byte[] body() {
      return body;
    }

    /// Sends the head of an answer.
    public Request head(int status, String... headers) throws IOException {
      return headers(0, status, headers);
    }

    /// Sends an answer without a body.
    public Request headOnly(int status, String... headers) throws IOException {
      return headers(Frames.END_STREAM, status, headers);
    }

    private Request headers(int flags, int status, String... headers) throws IOException {
      Map<String, String> all = new LinkedHashMap<>();
      all.put(":status", Integer.toString(status));
      for (int i = 0; i < headers.length; i += 2) {
        all.put(headers[i], headers[i + 1]);
      }
      connection.send(Frames.HEADERS, flags | Frames.END_HEADERS, stream, Frames.block(all));
      return this;
    }

    /// Sends trailers, which end the answer.
    public void trailers(String name, String value) throws IOException {
      int flags = Frames.END_STREAM | Frames.END_HEADERS;
      connection.send(Frames.HEADERS, flags, stream, Frames.block(Map.of(name, value)));
    }

    /// Sends bytes as far as the gate lets it.
    ///
    /// @return how many were sent before it let no more pass for that long
    public int data(byte[] bytes, long patienceMillis) throws Exception {
      int sent = 0;
      while (sent < bytes.length) {
        int wanted = Math.min(bytes.length - sent, MOST_IN_A_FRAME);
        int taken = connection.reserve(stream, wanted, patienceMillis);
        if (taken == 0) {
          return sent;
        }
        byte[] part = java.util.Arrays.copyOfRange(bytes, sent, sent + taken);
        connection.send(Frames.DATA, 0, stream, part);
        sent += taken;
      }
      return sent;
    }

    /// Sends all bytes.
    public Request data(byte[] bytes) throws Exception {
      int sent = data(bytes, TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      if (sent < bytes.length) {
        throw new AssertionError("only " + sent + " bytes could be sent");
      }
      return this;
    }

    /// Ends the answer.
    public void end() throws IOException {
      connection.send(Frames.DATA, Frames.END_STREAM, stream, new byte[0]);
    }

    /// Resets the stream.
    public void reset(int code) throws IOException {
      connection.send(Frames.RST_STREAM, 0, stream, Frames.number(code));
    }

    /// Says that streams after this one are not looked at, and which is the last that was.
    public void goAway(int lastStream) throws IOException {
      byte[] payload = ByteBuffer.allocate(8).putInt(lastStream).putInt(0).array();
      connection.send(Frames.GOAWAY, 0, 0, payload);
    }

    /// Closes the connection.
    public void close() throws IOException {
      connection.wire.close();
    }

    /// Bytes that the gate lets this connection send, all streams together.
    public long connectionWindow() {
      return connection.window();
    }

    /// Its number on its connection.
    public int stream() {
      return stream;
    }
  }
}
