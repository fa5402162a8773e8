package dev.gatehouse.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// HTTP/2 frames (RFC 9113), written and read by hand over one connection.
public final class Frames implements AutoCloseable {
  /// Frame types.
  public static final int DATA = 0;

  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  /// Flags.
  public static final int END_STREAM = 1;

  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  private static final int HEAD = 9;
  private final Wire wire;

  private Frames(Wire wire) {
    this.wire = wire;
  }

  /// Frames on a connection that has begun.
  static Frames over(Wire wire) {
    return new Frames(wire);
  }

  static Frames open(Wire wire) throws IOException {
    wire.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    return new Frames(wire).send(SETTINGS, 0, 0, new byte[0]);
  }

  /// Sends one frame.
  public Frames send(int type, int flags, int stream, byte[] payload) throws IOException {
    wire.send(bytes(type, flags, stream, payload));
    return this;
  }

  /// Sends bytes as they are, such as many frames at once.
  public Frames send(byte[] frames) throws IOException {
    wire.send(frames);
    return this;
  }

  /// One frame as bytes.
  public static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(HEAD + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /// One 32-bit number, which is the payload of several frames.
  public static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  /// The headers of a request that posts JSON with this token, as an uncompressed block (RFC 7541
  /// section 6.2.2).
  public static byte[] post(String path, String token) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(":method", "POST");
    headers.put(":scheme", "http");
    headers.put(":authority", "x");
    headers.put(":path", path);
    headers.put("sec-fetch-site", "same-origin");
    headers.put("content-type", "application/json");
    headers.put("cookie", "auth_token=" + token);
    return block(headers);
  }

  /// Headers as an uncompressed block.
  public static byte[] block(Map<String, String> headers) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    headers.forEach((name, value) -> {
      block.write(0);
      literal(block, name);
      literal(block, value);
    });
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /// Posts `{}` on a stream.
  public Frames post(int stream, byte[] headers) throws IOException {
    send(HEADERS, END_HEADERS, stream, headers);
    return send(DATA, END_STREAM, stream, "{}".getBytes(StandardCharsets.US_ASCII));
  }

  /// The next frame.
  ///
  /// @throws EOFException if the peer closed instead
  public Frame next() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(wire.read(HEAD));
    int length = ((head.get() & 255) << 16) | (head.getShort() & 0xffff);
    int type = head.get();
    int flags = head.get();
    int stream = head.getInt();
    return new Frame(type, flags, stream, wire.read(length));
  }

  /// The next frame of a type, passing over others.
  public Frame next(int type) throws IOException {
    Frame frame = next();
    while (frame.type() != type) {
      frame = next();
    }
    return frame;
  }

  /// The next frame of a type on a stream, passing over others.
  public Frame next(int type, int stream) throws IOException {
    Frame frame = next(type);
    while (frame.stream() != stream) {
      frame = next(type);
    }
    return frame;
  }

  /// The connection under it.
  public Wire wire() {
    return wire;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }

  /// One frame.
  public static final class Frame {
    private final int type;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    private Frame(int type, int flags, int stream, byte[] payload) {
      this.type = type;
      this.flags = flags;
      this.stream = stream;
      this.payload = payload;
    }

    /// Such as [#DATA].
    public int type() {
      return type;
    }

    /// Whether a flag is set, such as [#END_STREAM].
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /// 0 is the connection itself.
    public int stream() {
      return stream;
    }

    /// What comes after the head.
    public byte[] payload() {
      return payload;
    }

    /// The 32-bit number at an offset of the payload.
    public int number(int offset) {
      return ByteBuffer.wrap(payload).getInt(offset);
    }
  }
}
