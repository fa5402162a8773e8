package dev.gatehouse.auth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// How the gate speaks with an issuer: answers must come soon and be small, and nobody is sent
/// elsewhere.
final class IssuerHttp implements AutoCloseable {
  private static final long MAX_BYTES = 512 * 1024;

  private final Duration timeout;
  private final HttpClient client;

  /// @param timeout for one whole answer, from connecting to its last byte
  IssuerHttp(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /// The answer to a GET, whatever its status.
  HttpResponse<byte[]> get(URI address) throws IssuerException {
    return send(HttpRequest.newBuilder(address).header("Accept", "application/json").build());
  }

  /// The answer to a request, whatever its status.
  HttpResponse<byte[]> send(HttpRequest request) throws IssuerException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IssuerException(RefreshResult.TIMED_OUT, e);
    } catch (ExecutionException e) {
      throw new IssuerException(kind(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IssuerException(RefreshResult.UNREACHABLE, e);
    } finally {
      answer.cancel(true);
    }
  }

  /// What a good answer says.
  static byte[] body(HttpResponse<byte[]> answer) throws IssuerException {
    if (answer.statusCode() != 200) {
      throw new IssuerException(RefreshResult.BAD_STATUS);
    }
    return answer.body();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static RefreshResult kind(@Nullable Throwable failure) {
    return switch (failure) {
      case HttpTimeoutException _ -> RefreshResult.TIMED_OUT;
      case IOException _ -> RefreshResult.UNREACHABLE;
      case null, default -> RefreshResult.MALFORMED;
    };
  }
}
