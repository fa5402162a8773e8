package dev.gatehouse.check;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Requests that end soon, follow no redirect and read no more than 512 KiB.
final class Web implements AutoCloseable {
  private static final long MAX_BODY = 512 * 1024;

  private final HttpClient client;
  private final Duration patience;

  /// @param patience for a whole exchange
  Web(Duration patience) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build();
  }

  Reply get(URI uri) {
    return send(HttpRequest.newBuilder(uri).header("Accept", "application/json").GET());
  }

  /// Sends a form.
  Reply post(URI uri, String form, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    headers.forEach(request::header);
    return send(request);
  }

  /// Asks what the resource can do, which changes nothing there (RFC 9110 section 9.3.7).
  Reply options(URI uri) {
    return send(HttpRequest.newBuilder(uri).method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private Reply send(HttpRequest.Builder request) {
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(
            request.build(),
            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BODY));
    try {
      HttpResponse<String> response = exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply.Answer(response.statusCode(), response.body());
    } catch (TimeoutException _) {
      exchange.cancel(true);
      return new Reply.Silence("no answer within " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      return new Reply.Silence(reason(e.getCause()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Reply.Silence("interrupted");
    }
  }

  private static String reason(@Nullable Throwable failure) {
    return switch (failure) {
      case Throwable e when has(e, SSLException.class) ->
          "TLS failed: the certificate must be valid, for this name and trusted by this Java";
      case ConnectException e when has(e, UnresolvedAddressException.class) ->
          "the host name does not resolve";
      case ConnectException _ -> "nothing listens there";
      case null, default -> "the connection broke, or the answer is no HTTP or over 512 KiB";
    };
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    Throwable cause = failure;
    while (cause != null && !kind.isInstance(cause)) {
      cause = cause.getCause();
    }
    return cause != null;
  }
}
