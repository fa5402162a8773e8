package dev.gatehouse.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import okhttp3.Headers;

/// Takes apart what came on one HTTP/1.1 connection.
final class Replies {
  private static final String STATUS_LINE = "HTTP/1\\.1 [1-5][0-9][0-9] .*";

  private final byte[] bytes;
  private int position;

  private Replies(byte[] bytes) {
    this.bytes = bytes;
  }

  /// All answers in these bytes, without interim ones.
  ///
  /// @throws IOException if there is anything beside answers, or half of one
  static List<Reply> in(byte[] bytes) throws IOException {
    Replies replies = new Replies(bytes);
    List<Reply> all = new ArrayList<>();
    while (replies.position < bytes.length) {
      Reply next = replies.next();
      if (next.status() >= 200) {
        all.add(next);
      }
    }
    return all;
  }

  private Reply next() throws IOException {
    String status = line();
    if (!status.matches(STATUS_LINE)) {
      throw new IOException("no status line: " + status);
    }
    Headers.Builder headers = new Headers.Builder();
    for (String line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    Headers built = headers.build();
    int code = Integer.parseInt(status.substring(9, 12));
    return new Reply(code, built, code < 200 ? new byte[0] : body(built));
  }

  private byte[] body(Headers headers) throws IOException {
    String length = headers.get("Content-Length");
    if (length != null) {
      return take(Integer.parseInt(length));
    }
    StringBuilder body = new StringBuilder();
    if (headers.get("Transfer-Encoding") != null) {
      for (int size = size(); size > 0; size = size()) {
        body.append(new String(take(size), StandardCharsets.ISO_8859_1));
        line();
      }
      line();
    }
    return body.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private int size() throws IOException {
    return HexFormat.fromHexDigits(line());
  }

  private String line() throws IOException {
    int end = position;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    if (end == bytes.length || bytes[end - 1] != '\r') {
      throw new IOException("half a line: " + text(position, end));
    }
    String line = text(position, end - 1);
    position = end + 1;
    return line;
  }

  private String text(int from, int to) {
    return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.ISO_8859_1);
  }

  private byte[] take(int length) throws IOException {
    if (position + length > bytes.length) {
      throw new IOException("half a body: " + text(position, bytes.length));
    }
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }
}
