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
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// One attempt to get an answer from an upstream. It can be cancelled from any thread at any time.
public final class UpstreamCall {
  private static final int ATTEMPTS_TO_CONNECT = 3;

  private final OkHttpClient client;
  private final Request request;
  private final ResponseHeaders responseHeaders;
  private final AtomicReference<Call> call;
  private volatile boolean cancelled;

  UpstreamCall(
      OkHttpClient client,
      UpstreamRequest request,
      Optional<OutboundBody> body,
      ResponseHeaders responseHeaders) {
    this.client = client;
    this.request =
        new Request.Builder()
            .url(request.url())
            .headers(request.headers())
            .method(request.method(), requestBody(request.method(), body))
            .build();
    this.responseHeaders = responseHeaders;
    this.call = new AtomicReference<>(client.newCall(this.request));
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
    try {
      return UpstreamResponse.of(send(), responseHeaders);
    } catch (SocketTimeoutException _) {
      throw problem(ProblemCode.UPSTREAM_TIMEOUT, "The agent server could not be reached in time");
    } catch (ProtocolException _) {
      throw problem(
          ProblemCode.UPSTREAM_PROTOCOL_ERROR, "The agent server's answer is not valid HTTP");
    } catch (IOException _) {
      throw problem(
          ProblemCode.UPSTREAM_UNREACHABLE,
          "The agent server could not be reached, or closed the connection without an answer");
    }
  }

  /// Closes the connection without reading on.
  public void cancel() {
    cancelled = true;
    call.get().cancel();
  }

  /// Takes another connection where the pooled one was closed before the request was written to it.
  private Response send() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get().execute();
      } catch (StaleConnection e) {
        if (attempt == ATTEMPTS_TO_CONNECT) {
          throw e;
        }
        client.connectionPool().evictAll();
        call.set(client.newCall(request));
        if (cancelled) {
          call.get().cancel();
        }
      }
    }
  }

  private static ProblemException problem(ProblemCode code, String detail) {
    return Problem.of(code, detail).exception();
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
      body.writeTo(sink.outputStream());
    }
  }
}
