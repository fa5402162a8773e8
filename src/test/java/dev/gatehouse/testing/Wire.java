package dev.gatehouse.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// One TCP connection, spoken by hand.
public final class Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private final Socket socket;
  private final Socket tcp;
  private final InputStream in;

  Wire(Socket socket) throws IOException {
    this(socket, socket);
  }

  /// @param socket what is spoken through
  /// @param tcp what lies under it
  Wire(Socket socket, Socket tcp) throws IOException {
    this.socket = socket;
    this.tcp = tcp;
    this.in = new BufferedInputStream(socket.getInputStream());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /// A connection to a loopback port.
  public static Wire to(int port) throws IOException {
    return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /// Lets the system hold no more than about that many bytes in either direction, so that a peer
  /// notices soon that nobody reads.
  public Wire narrow(int bytes) throws IOException {
    tcp.setSendBufferSize(bytes);
    tcp.setReceiveBufferSize(bytes);
    return this;
  }

  /// The same, with room for so many bytes that were not read.
  public static Wire narrow(int port, int bytes) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(bytes);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new Wire(socket);
  }

  /// The same from one of the loopback addresses, of which each has its own ports.
  public static Wire from(String address, int port) throws IOException {
    return new Wire(
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0));
  }

  /// Sends text, in ISO-8859-1.
  public Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends bytes.
  public Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /// Sends one chunk of a chunked body.
  public Wire sendChunk(byte[] bytes) throws IOException {
    send(Integer.toHexString(bytes.length) + "\r\n");
    send(bytes);
    return send("\r\n");
  }

  /// Sends one chunk of a chunked body, in UTF-8.
  public Wire sendChunk(String text) throws IOException {
    return sendChunk(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends the last chunk.
  public Wire sendLastChunk() throws IOException {
    return send("0\r\n\r\n");
  }

  /// Reads up to and including the empty line after a head.
  ///
  /// @throws EOFException if the peer closed instead
  public String readHead() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!endsWithEmptyLine(head)) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("closed after: " + head.toString(StandardCharsets.ISO_8859_1));
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static boolean endsWithEmptyLine(ByteArrayOutputStream head) {
    byte[] bytes = head.toByteArray();
    int n = bytes.length;
    return n >= 4
        && bytes[n - 4] == '\r'
        && bytes[n - 3] == '\n'
        && bytes[n - 2] == '\r'
        && bytes[n - 1] == '\n';
  }

  /// Reads exactly this many bytes.
  public byte[] read(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
    }
    if (length > 0 && bytes[0] == '{') {
      LeakRecord.came(bytes);
    }
    return bytes;
  }

  /// A head that was read, to look up headers in.
  public Received parsed(String head) {
    return new Received(head, new byte[0]);
  }

  /// Reads a request: head, and the body its framing announces.
  Received readRequest() throws IOException {
    String head = readHead();
    Received bare = new Received(head, new byte[0]);
    if (bare.header("Transfer-Encoding").isPresent()) {
      return new Received(head, readChunks());
    }
    int length = bare.header("Content-Length").map(Integer::parseInt).orElse(0);
    return new Received(head, read(length));
  }

  /// Reads a chunked body to its end.
  public byte[] readChunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
      body.write(chunk);
    }
    return body.toByteArray();
  }

  /// Reads one chunk; empty is the last one.
  public byte[] readChunk() throws IOException {
    String size = readLine();
    if (size.isEmpty()) {
      size = readLine(); // the line end of the chunk before
    }
    int length = Integer.parseInt(size.toLowerCase(Locale.ROOT), 16);
    byte[] chunk = read(length);
    if (length == 0) {
      readLine();
    }
    return chunk;
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed within a line");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /// Reads until the peer closes, orderly or by reset.
  public byte[] readToEnd() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (SocketException _) {
      // a reset is an end too
    }
    LeakRecord.came(rest.toByteArray());
    return rest.toByteArray();
  }

  /// Waits until the peer has closed, and says how long that took.
  public Duration awaitClose() throws IOException {
    long start = System.nanoTime();
    readToEnd();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /// How long a read waits; zero is forever.
  public Wire patience(Duration limit) throws IOException {
    socket.setSoTimeout((int) limit.toMillis());
    return this;
  }

  /// How many bytes may be on their way.
  public void sendBuffer(int bytes) throws IOException {
    socket.setSendBufferSize(bytes);
  }

  /// Says that nothing more will be sent.
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /// Closes with a reset.
  public void reset() throws IOException {
    tcp.setSoLinger(true, 0);
    tcp.close();
  }

  /// Closes the connection without a word to the layer above it.
  public void drop() throws IOException {
    tcp.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
