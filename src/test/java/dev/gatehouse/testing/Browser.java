package dev.gatehouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// A page's script: it sends what browsers send with a same-origin request, and its cookie without
/// being able to read it.
public final class Browser {
  /// A ChatKit message.
  public static final String MESSAGE =
      """
      {"type":"threads.create","params":{"input":{"content":[{"type":"input_text","text":"Hi"}],\
      "quoted_text":"kanarienvogel","attachments":[],"inference_options":{}}}}\
      """;

  private static final MediaType JSON = MediaType.get("application/json");
  private static final OkHttpClient CLIENT =
      new OkHttpClient.Builder()
          .readTimeout(Duration.ofSeconds(30))
          .followRedirects(false)
          .retryOnConnectionFailure(false)
          .build();

  private final OkHttpClient client;
  private final URI gate;
  private final Headers headers;

  private Browser(OkHttpClient client, URI gate, Headers headers) {
    this.client = client;
    this.gate = gate;
    this.headers = headers;
  }

  /// A browser that is not signed in.
  public static Browser at(URI gate) {
    return new Browser(
        CLIENT, gate, Headers.of("Sec-Fetch-Site", "same-origin", "User-Agent", LeakRecord.CANARY));
  }

  /// The same with connections of its own, and what they speak.
  public Browser over(Transport transport) {
    return new Browser(transport.client(client), gate, headers);
  }

  /// The same, with the cookie a sign-in sets.
  public Browser signedInWith(String token) {
    return with("Cookie", LeakRecord.CANARY + "=1; auth_token=" + token);
  }

  /// The same, with one header more, or another value for it.
  public Browser with(String name, String value) {
    return new Browser(client, gate, headers.newBuilder().set(name, value).build());
  }

  /// The same without a header.
  public Browser without(String name) {
    return new Browser(client, gate, headers.newBuilder().removeAll(name).build());
  }

  /// The same, with more patience than any silence here lasts.
  public Browser waiting() {
    OkHttpClient patient = client.newBuilder().readTimeout(Duration.ofMinutes(2)).build();
    return new Browser(patient, gate, headers);
  }

  /// Gets a path.
  public Reply get(String path) {
    return send(request(path).get().build());
  }

  /// Posts JSON.
  public Reply post(String path, String json) {
    return post(path, once(json));
  }

  /// Posts anything.
  public Reply post(String path, RequestBody body) {
    return send(request(path).post(body).build());
  }

  /// Sends any method.
  public Reply send(String method, String path, @Nullable RequestBody body) {
    return send(request(path).method(method, body).build());
  }

  /// Posts JSON and hands the answer out as it comes; to be closed.
  public Response open(String path, String json) throws IOException {
    return client.newCall(request(path).post(once(json)).build()).execute();
  }

  /// Posts JSON and takes what comes until the answer ends, as it should or not.
  public Seen take(String path, String json) throws IOException {
    try (Response response = open(path, json)) {
      Buffer body = new Buffer();
      try {
        body.writeAll(response.body().source());
        return new Seen(response.code(), body.readUtf8(), true);
      } catch (IOException _) {
        return new Seen(response.code(), body.readUtf8(), false);
      }
    }
  }

  /// Closes the connections that are idle now.
  public void hangUp() {
    client.connectionPool().evictAll();
  }

  /// A call that posts JSON, to be made and perhaps broken off.
  public Call call(String path, String json) {
    return client.newCall(request(path).post(once(json)).build());
  }

  /// Posts JSON and reads the answer as server-sent events.
  public Events events(String path, String json) {
    Request request = request(path).header("Accept", "text/event-stream").post(once(json)).build();
    Events events = new Events();
    EventSources.createFactory(client).newEventSource(request, events);
    return events;
  }

  /// A body that this client does not repeat by itself, so that every request counted is one asked
  /// for.
  private static RequestBody once(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return JSON;
      }

      @Override
      public long contentLength() {
        return bytes.length;
      }

      @Override
      public boolean isOneShot() {
        return true;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
      }
    };
  }

  private Request.Builder request(String path) {
    return new Request.Builder().url(gate + path).headers(headers);
  }

  private Reply send(Request request) {
    try (Response response = client.newCall(request).execute()) {
      Reply reply = new Reply(response.code(), response.headers(), response.body().bytes());
      LeakRecord.answered(reply);
      return reply;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a page's script has of an answer.
  ///
  /// @param text all that came
  /// @param whole whether the answer ended as it should
  public record Seen(int status, String text, boolean whole) {}

  /// The events of one answer, as they arrive.
  public static final class Events extends EventSourceListener {
    private static final int PATIENCE_SECONDS = 20;
    private static final String CLOSED = "closed";
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    private Events() {}

    /// The data of the next event.
    public String next() throws InterruptedException {
      String next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no event came");
      }
      return next;
    }

    /// Whether the stream ended as it should, after all events were taken.
    public boolean endedCleanly() throws InterruptedException {
      return CLOSED.equals(next());
    }

    @Override
    public void onEvent(
        EventSource source, @Nullable String id, @Nullable String type, String data) {
      queue.add(data);
    }

    @Override
    public void onClosed(EventSource source) {
      queue.add(CLOSED);
    }

    @Override
    public void onFailure(
        EventSource source, @Nullable Throwable failure, @Nullable Response response) {
      queue.add("failed: " + failure + " " + response);
    }
  }
}
