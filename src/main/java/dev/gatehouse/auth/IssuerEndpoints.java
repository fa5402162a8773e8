package dev.gatehouse.auth;

import dev.gatehouse.config.AuthConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What the gate asks of an issuer: its metadata (RFC 8414, OpenID Connect Discovery) when it was
/// not told where the keys are, and the keys. Not for use by more than one thread at a time.
final class IssuerEndpoints implements AutoCloseable {
  private static final long MAX_BYTES = 512 * 1024;

  private final String issuer;
  private final Optional<URI> configured;
  private final Duration timeout;
  private final HttpClient client;
  private Optional<URI> discovered = Optional.empty();

  /// @param timeout for one whole answer, from connecting to its last byte
  IssuerEndpoints(AuthConfig config, Duration timeout) {
    this.issuer = config.issuer();
    this.configured = config.jwksUri();
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /// Fetches the keys as they are now.
  KeySet fetch() throws KeyFetchException {
    Optional<URI> known = configured.or(() -> discovered);
    URI keys = known.isPresent() ? known.get() : discover();
    // Kept only while it works: the issuer may move its keys.
    discovered = Optional.empty();
    KeySet set = KeySet.parse(body(get(keys)));
    discovered = Optional.of(keys);
    return set;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private URI discover() throws KeyFetchException {
    HttpResponse<byte[]> answer = get(openIdMetadata());
    if (answer.statusCode() != 200) {
      answer = get(oauthMetadata());
    }
    ObjectNode metadata =
        StrictJson.object(body(answer))
            .orElseThrow(() -> new KeyFetchException(RefreshResult.MALFORMED));
    if (!metadata.path("issuer").stringValue("").equals(issuer)) {
      throw new KeyFetchException(RefreshResult.WRONG_ISSUER);
    }
    return keyAddress(metadata.path("jwks_uri").stringValue(""));
  }

  private URI openIdMetadata() {
    return URI.create(withoutSlash(issuer) + "/.well-known/openid-configuration");
  }

  // RFC 8414, 3.1: the well-known part stands between host and path.
  private URI oauthMetadata() {
    URI base = URI.create(issuer);
    String path = withoutSlash(base.getRawPath());
    return base.resolve("/.well-known/oauth-authorization-server" + path);
  }

  private URI keyAddress(String text) throws KeyFetchException {
    try {
      URI address = URI.create(text);
      boolean asSafeAsIssuer =
          "https".equals(address.getScheme())
              || ("http".equals(address.getScheme()) && issuer.startsWith("http:"));
      if (asSafeAsIssuer && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw new KeyFetchException(RefreshResult.MALFORMED, e);
    }
    throw new KeyFetchException(RefreshResult.MALFORMED);
  }

  private HttpResponse<byte[]> get(URI address) throws KeyFetchException {
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new KeyFetchException(RefreshResult.TIMED_OUT, e);
    } catch (ExecutionException e) {
      throw new KeyFetchException(kind(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KeyFetchException(RefreshResult.UNREACHABLE, e);
    } finally {
      answer.cancel(true);
    }
  }

  private static RefreshResult kind(@Nullable Throwable failure) {
    return switch (failure) {
      case HttpTimeoutException _ -> RefreshResult.TIMED_OUT;
      case IOException _ -> RefreshResult.UNREACHABLE;
      case null, default -> RefreshResult.MALFORMED;
    };
  }

  private static byte[] body(HttpResponse<byte[]> answer) throws KeyFetchException {
    if (answer.statusCode() != 200) {
      throw new KeyFetchException(RefreshResult.BAD_STATUS);
    }
    return answer.body();
  }

  private static String withoutSlash(String text) {
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
