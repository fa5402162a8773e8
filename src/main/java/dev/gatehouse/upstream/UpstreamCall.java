package dev.gatehouse.upstream;

import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.StreamResetException;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// One attempt to get an answer from an upstream. It can be cancelled from any thread at any time.
public final class UpstreamCall {
  /// Connections that are tried, as long as none of them takes the request.
  private static final int ATTEMPTS = 4;

  private static final String RETRY_AFTER_SECONDS = "2";

  private final Clients clients;
  private final Companions companions;
  private final Request request;
  private final StreamAdmission admission;
  private final Optional<OutboundBody> body;
  private final ResponseHeaders responseHeaders;
  private final AtomicReference<@Nullable Call> call = new AtomicReference<>();
  private volatile boolean cancelled;

  UpstreamCall(
      Clients clients,
      UpstreamRequest request,
      Optional<OutboundBody> body,
      ConnectClock connectClock,
      StreamAdmission admission,
      ResponseHeaders responseHeaders) {
    this.admission = admission;
    this.body = body;
    this.clients = clients;
    this.companions =
        new Companions(connectClock, new Arrival(), new PassingHeaders(request.headers()));
    this.request =
        new Request.Builder()
            .url(request.url())
            .headers(PassingHeaders.KEPT)
            .tag(Companions.class, companions)
            .method(request.method(), requestBody(request.method(), body))
            .build();
    this.responseHeaders = responseHeaders;
  }

  /// These methods have a length even where they have no body (RFC 9110 section 8.6).
  private static @Nullable RequestBody requestBody(String method, Optional<OutboundBody> body) {
    return switch (method) {
      case "POST", "PUT", "PATCH" -> new OneShot(body.orElse(OutboundBody.NOTHING));
      default -> body.map(OneShot::new).orElse(null);
    };
  }

  /// Sends the request and waits for the headers of the answer.
  ///
  /// @throws ProblemException if there is no answer that can be passed on
  public UpstreamResponse execute() {
    Clients.Place place = clients.enter();
    boolean answered = false;
    try {
      Response answer = companions.headers().forgottenBy(send(place.client()));
      UpstreamResponse response = UpstreamResponse.of(answer, responseHeaders, this::cancel, place);
      answered = true;
      return response;
    } catch (IOException e) {
      throw problem(e).exception();
    } finally {
      if (!answered) {
        place.close();
      }
    }
  }

  private Problem problem(IOException failure) {
    if (failure instanceof SocketTimeoutException || companions.connectClock().ranOut()) {
      return Problem.of(
          ProblemCode.UPSTREAM_TIMEOUT, "The agent server could not be reached in time");
    }
    if (Descriptors.ranOut(failure)) {
      return Problem.of(ProblemCode.OVERLOADED, "Too much is open at once; try again soon")
          .with("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (failure instanceof ProtocolException) {
      return Problem.of(
          ProblemCode.UPSTREAM_PROTOCOL_ERROR, "The agent server's answer is not valid HTTP");
    }
    return Problem.of(
        ProblemCode.UPSTREAM_UNREACHABLE,
        "The agent server could not be reached, or gave no whole answer");
  }

  /// Closes the connection without reading on.
  public void cancel() {
    cancelled = true;
    Call made = call.get();
    if (made != null) {
      made.cancel();
    }
  }

  /// Takes another connection where the one before has proven not to have taken the request.
  private Response send(OkHttpClient client) throws IOException {
    try {
      for (int attempt = 1; ; attempt++) {
        admission.awaitTurn(() -> cancelled);
        try {
          return newCall(client).execute();
        } catch (IOException e) {
          if (attempt == ATTEMPTS || cancelled || !mayGoElsewhere(e)) {
            throw e;
          }
          client.connectionPool().evictAll();
        }
      }
    } finally {
      admission.endTurn();
    }
  }

  private boolean mayGoElsewhere(IOException failure) {
    return failure instanceof NotSentException
        || (wasRefusedUnread(failure) && body.map(OutboundBody::isReplayable).orElse(true));
  }

  /// A stream that is refused, or newer than the last one a closing server took, was not looked at
  /// (RFC 9113 sections 6.8 and 8.7).
  private static boolean wasRefusedUnread(IOException failure) {
    return failure instanceof ConnectionShutdownException
        || (failure instanceof StreamResetException reset
            && reset.errorCode == ErrorCode.REFUSED_STREAM);
  }

  private Call newCall(OkHttpClient client) {
    Call made = client.newCall(request);
    call.set(made);
    if (cancelled) {
      made.cancel();
    }
    return made;
  }

  /// A body that OkHttp must not send again, whatever happens. Its type is a header like any other,
  /// taken over to the letter.
  private static final class OneShot extends RequestBody {
    private final OutboundBody body;

    OneShot(OutboundBody body) {
      this.body = body;
    }

    @Override
    public @Nullable MediaType contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return body.length();
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      body.writeTo(body.isReplayable() ? new Lending(sink) : sink.outputStream());
    }
  }
}
