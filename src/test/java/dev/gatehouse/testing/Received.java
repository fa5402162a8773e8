package dev.gatehouse.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A request as it came over the wire.
public final class Received {
  private final String head;
  private final byte[] body;

  Received(String head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /// Request line and headers.
  public String head() {
    return head;
  }

  /// The body, without its framing.
  public byte[] body() {
    return body;
  }

  /// Method and target.
  public String line() {
    return head.lines().findFirst().orElseThrow();
  }

  /// All values of a header, in order.
  public List<String> headers(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .toList();
  }

  /// The only value of a header; empty if there is none.
  public Optional<String> header(String name) {
    List<String> values = headers(name);
    if (values.size() > 1) {
      throw new AssertionError("more than one " + name + ": " + values);
    }
    return values.stream().findFirst();
  }

  /// The body as text.
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
