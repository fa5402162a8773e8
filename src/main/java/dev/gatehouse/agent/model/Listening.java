package dev.gatehouse.agent.model;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/// Takes the events of one call into an answer, on the thread that asks: the model is read no
/// faster than the person's connection takes its words.
final class Listening extends EventSourceListener {
  private final Call call;
  private final Dialect dialect;
  private final Answer answer;
  private final EventLimit limit;
  private final Duration silence;
  private @Nullable Throwable failure;

  private Listening(Call call, Dialect dialect, Answer answer, EventLimit limit, Duration silence) {
    this.call = call;
    this.dialect = dialect;
    this.answer = answer;
    this.limit = limit;
    this.silence = silence;
  }

  /// Reads until the answer is over.
  ///
  /// @param asked the size of the request
  /// @param silence how long the model may not get on
  /// @throws IOException if it came to no proper end
  static void to(
      Response response, Call call, long asked, Dialect dialect, Answer answer, Duration silence)
      throws IOException {
    ResponseBody body = response.body();
    EventLimit limit = new EventLimit(body.source(), asked);
    Listening listening = new Listening(call, dialect, answer, limit, silence);
    listening.waitAnew();
    EventSources.processResponse(
        response
            .newBuilder()
            .body(ResponseBody.create(Okio.buffer(limit), body.contentType(), -1))
            .build(),
        listening);
    listening.check();
  }

  /// Until then something has to be read that gets on; bytes alone do not count.
  private void waitAnew() {
    limit.timeout().deadline(silence.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void check() throws IOException {
    switch (failure) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case null, default -> {
        if (!answer.isWhole()) {
          throw new ModelFailure("its answer broke off");
        }
      }
    }
  }

  @Override
  public void onEvent(EventSource source, @Nullable String id, @Nullable String type, String data) {
    limit.reset();
    try {
      if (dialect.read(data, answer)) {
        waitAnew();
      }
      if (answer.isOver()) {
        source.cancel(); // reads no further
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
      source.cancel();
      call.cancel(); // at once: nobody wants the rest
    }
  }

  @Override
  public void onFailure(
      EventSource source, @Nullable Throwable cause, @Nullable Response response) {
    if (failure == null && !answer.isWhole()) {
      // What is no IOException is the parser's own, over an event that breaks off in a line.
      failure = cause instanceof IOException ? cause : new ModelFailure("its answer broke off");
    }
  }
}
