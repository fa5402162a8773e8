package dev.gatehouse.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The upstream: cheap enough not to be what limits anybody. The query says what is wanted: nothing
/// for a JSON document of 1 KB, `stream=ID&events=N&every=MILLIS` for events, `hose=ID&bytes=N` for
/// as many bytes as fast as they are taken, `silent=ID` for an event now and one when [#speak] says
/// so.
final class Agent implements AutoCloseable {
  /// In one chunk of a firehose, of 18 bytes each.
  private static final int HOSE_EVENTS = 3_600;

  private static final byte[] STREAM_HEAD =
      ascii(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/event-stream\r
          Cache-Control: no-cache\r
          Transfer-Encoding: chunked\r
          \r
          """);
  private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] HOSE = ascii("data: 0123456789\n\n".repeat(HOSE_EVENTS));
  private static final byte[] DOCUMENT = document();

  private final Loop loop;
  private final int port;
  private final Map<String, Sum> sent = new ConcurrentHashMap<>();
  private final List<Runnable> silent = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong proven = new AtomicLong();

  private Agent(Loop loop) throws IOException {
    this.loop = loop;
    this.port = loop.listen(Visit::new);
  }

  static Agent start() throws IOException {
    return new Agent(Loop.start("agent"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] document() {
    String body = "{\"answer\":\"" + "x".repeat(1000) + "\"}";
    return ascii(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body));
  }

  int port() {
    return port;
  }

  /// What was sent on a stream.
  Sum sent(String stream) {
    return sent.getOrDefault(stream, new Sum());
  }

  /// How many requests came.
  long requests() {
    return requests.get();
  }

  /// How many of them carried a bearer token, and a user in a body that had grown.
  long proven() {
    return proven.get();
  }

  /// Ends all silent streams with one event.
  void speak() {
    loop.execute(() -> {
      silent.forEach(Runnable::run);
      silent.clear();
    });
  }

  @Override
  public void close() {
    loop.close();
  }

  /// One connection, and the request that is on it.
  private final class Visit implements Receiver, HttpReader.Listener {
    private final HttpReader reader = new HttpReader(this);
    private String head = "";
    private boolean user;
    private @Nullable Link link;

    @Override
    public void received(Link from, ByteBuffer bytes) {
      link = from;
      reader.read(bytes);
    }

    @Override
    public void closed(Link from) {
      link = from;
    }

    @Override
    public void head(String text) {
      head = text;
      user = false;
    }

    /// Where Gatehouse is in between, the user stands before the end of the body.
    @Override
    public void body(ByteBuffer part) {
      int tail = Math.min(part.remaining(), 1024);
      byte[] bytes = new byte[tail];
      part.get(part.limit() - tail, bytes);
      user |= new String(bytes, StandardCharsets.ISO_8859_1).contains(Requests.SUBJECT);
    }

    @Override
    public void end() {
      requests.incrementAndGet();
      if (user && head.contains("\r\nauthorization: bearer ")) {
        proven.incrementAndGet();
      }
      String query = head.substring(head.indexOf('?') + 1, head.indexOf(" http/1.1\r\n"));
      if (query.startsWith("stream=")) {
        stream(parameter(query, "stream"), number(query, "events"), number(query, "every"));
      } else if (query.startsWith("hose=")) {
        hose(parameter(query, "hose"), number(query, "bytes"));
      } else if (query.startsWith("silent=")) {
        silence(parameter(query, "silent"));
      } else {
        link().send(DOCUMENT);
      }
    }

    private Link link() {
      return Objects.requireNonNull(link);
    }

    private Sum open(String id) {
      Sum sum = new Sum();
      sent.put(id, sum);
      link().send(STREAM_HEAD);
      return sum;
    }

    private void stream(String id, long events, long everyMillis) {
      Sum sum = open(id);
      event(sum, 0, events, TimeUnit.MILLISECONDS.toNanos(everyMillis), System.nanoTime());
    }

    private void event(Sum sum, long number, long events, long every, long due) {
      chunk(sum, Event.at(number, System.nanoTime()));
      if (number + 1 < events) {
        loop.at(due + every, () -> event(sum, number + 1, events, every, due + every));
      } else {
        link().send(LAST_CHUNK);
      }
    }

    private void chunk(Sum sum, byte[] bytes) {
      sum.add(bytes);
      link().send(ascii(Integer.toHexString(bytes.length) + "\r\n"), bytes, LINE_END);
    }

    private void hose(String id, long bytes) {
      Sum sum = open(id);
      link().onDrained(() -> pour(sum, bytes));
      pour(sum, bytes);
    }

    private void pour(Sum sum, long bytes) {
      while (link().isOpen() && link().isDrained() && sum.bytes() < bytes) {
        chunk(sum, HOSE);
      }
      if (link().isDrained() && sum.bytes() >= bytes) {
        link().onDrained(() -> {});
        link().send(LAST_CHUNK);
      }
    }

    private void silence(String id) {
      Sum sum = open(id);
      chunk(sum, Event.at(0, System.nanoTime()));
      silent.add(() -> {
        chunk(sum, Event.at(1, System.nanoTime()));
        link().send(LAST_CHUNK);
      });
    }

    private static String parameter(String query, String name) {
      int start = query.indexOf(name + "=") + name.length() + 1;
      int end = query.indexOf('&', start);
      return query.substring(start, end < 0 ? query.length() : end);
    }

    private static long number(String query, String name) {
      return Long.parseLong(parameter(query, name));
    }
  }
}
