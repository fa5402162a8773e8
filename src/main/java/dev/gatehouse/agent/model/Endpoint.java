package dev.gatehouse.agent.model;

import dev.gatehouse.agent.chat.ClientLeft;
import dev.gatehouse.agent.chat.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// Where the model is. Asked once for each answer: a second attempt could say everything twice.
final class Endpoint implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final OkHttpClient client;
  private final HttpUrl url;
  private final Headers headers;
  private final Dialect dialect;
  private final String model;
  private final Duration silence;

  /// OkHttp itself forgets a call as soon as its head is there.
  private final Set<Call> open = ConcurrentHashMap.newKeySet();

  private Endpoint(
      OkHttpClient client,
      HttpUrl url,
      Headers headers,
      Dialect dialect,
      String model,
      Duration silence) {
    this.client = client;
    this.url = url;
    this.headers = headers;
    this.dialect = dialect;
    this.model = model;
    this.silence = silence;
  }

  static Endpoint of(ModelSettings settings) {
    Dialect dialect = Dialect.of(settings.api());
    Headers.Builder headers =
        new Headers.Builder()
            .add("Accept", "text/event-stream")
            .add("Accept-Encoding", "identity"); // compressed, words come in heaps
    settings.key().ifPresent(key -> headers.add("Authorization", "Bearer " + key));
    OkHttpClient client =
        new OkHttpClient.Builder()
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .callTimeout(settings.timeout())
            .connectTimeout(CONNECT)
            .readTimeout(settings.silence())
            .writeTimeout(settings.silence())
            .build();
    // A query, such as an API version, stays.
    HttpUrl url =
        HttpUrl.get(settings.baseUrl().toString())
            .newBuilder()
            .addPathSegments(dialect.path())
            .build();
    return new Endpoint(
        client, url, headers.build(), dialect, settings.model(), settings.silence());
  }

  /// Says what the model says until it ends. Called off as soon as the person leaves.
  ///
  /// @throws ModelFailure if the model did not come to an end
  Answer ask(Prompt prompt, Reply reply) throws IOException {
    byte[] asked = dialect.request(model, prompt).toString().getBytes(StandardCharsets.UTF_8);
    Call call = client.newCall(request(asked));
    Answer answer = new Answer(reply);
    open.add(call);
    try (Reply.Registration _ = reply.onLeave(call::cancel);
        Response response = call.execute()) {
      check(response);
      Listening.to(response, call, asked.length, dialect, answer, silence);
      return answer;
    } catch (ClientLeft | ModelFailure e) {
      throw e;
    } catch (IOException e) {
      throw failure(call, e);
    } finally {
      open.remove(call);
    }
  }

  private static IOException failure(Call call, IOException e) {
    if (!call.isCanceled()) {
      return ModelFailure.of(e);
    }
    // This kind is OkHttp's own, when the time for the whole call is over.
    return e instanceof InterruptedIOException
        ? new ModelFailure("its answer took too long")
        : new IOException("called off");
  }

  private Request request(byte[] body) {
    return new Request.Builder()
        .url(url)
        .headers(headers)
        .post(RequestBody.create(body, JSON))
        .build();
  }

  private static void check(Response response) throws ModelFailure {
    if (response.code() != HttpURLConnection.HTTP_OK) {
      throw new ModelFailure("it answered with status " + response.code());
    }
    if (!isEventStream(response.body().contentType())) {
      throw new ModelFailure("it answered with something else than an event stream");
    }
  }

  private static boolean isEventStream(@Nullable MediaType type) {
    return type != null && type.type().equals("text") && type.subtype().equals("event-stream");
  }

  /// Ends the answers that are still being made as well.
  @Override
  public void close() {
    open.forEach(Call::cancel);
    client.connectionPool().evictAll();
  }
}
