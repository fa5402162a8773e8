package dev.gatehouse.auth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/// How the gate speaks with an issuer: answers must come soon and be small, and nobody is sent
/// elsewhere.
final class IssuerHttp implements AutoCloseable {
  private static final long MAX_BYTES = 512 * 1024;

  private static final int CONNECTIONS = 5;

  /// Sooner than anything on the way forgets a silent connection.
  private static final int UNUSED_SECONDS = 30;

  private static final ConnectionSpec JAVAS_OWN =
      new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).allEnabledCipherSuites().build();

  private final Duration timeout;
  private final OkHttpClient inTheClear;
  private @Nullable OkHttpClient secure;
  private volatile boolean closed;

  /// @param timeout for one whole answer, from looking up the name to its last byte
  IssuerHttp(Duration timeout) {
    this.timeout = timeout;
    this.inTheClear =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
            .connectionPool(new ConnectionPool(CONNECTIONS, UNUSED_SECONDS, TimeUnit.SECONDS))
            .addInterceptor(this::unlessClosed)
            .addNetworkInterceptor(chain -> unasked(chain.proceed(chain.request())))
            .followRedirects(false)
            .connectTimeout(timeout)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .callTimeout(timeout)
            .build();
  }

  /// Asked once a call is known to whoever closes this.
  private Response unlessClosed(Interceptor.Chain chain) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    return chain.proceed(chain.request());
  }

  /// OkHttp takes some of these for leave to ask again by itself, and stumbles over others.
  private static Response unasked(Response response) {
    return response.newBuilder().removeHeader("Retry-After").build();
  }

  /// What an issuer answered.
  record Answer(int status, ByteString content) {}

  /// The answer to a GET, whatever its status.
  Answer get(URI address) throws IssuerException {
    return send(request(address).build());
  }

  /// A request for JSON.
  ///
  /// @throws IssuerException if the address is none of HTTP
  static Request.Builder request(URI address) throws IssuerException {
    HttpUrl url = HttpUrl.get(address);
    if (url == null) {
      throw new IssuerException(RefreshResult.MALFORMED);
    }
    return new Request.Builder()
        .url(url)
        .header("Accept", "application/json")
        .header("Accept-Encoding", "identity");
  }

  /// The answer to a request, whatever its status. Looking up a name knows no timeout, which is why
  /// another thread does all of it.
  Answer send(Request request) throws IssuerException {
    FutureTask<Answer> answer = new FutureTask<>(() -> answer(request));
    Thread.ofVirtual().name("issuer").start(answer);
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

  private Answer answer(Request request) throws IOException {
    Call call = client(request.url()).newCall(request);
    try (Response response = call.execute()) {
      BufferedSource content = response.body().source();
      if (content.request(MAX_BYTES + 1)) {
        throw new IOException("the answer is too large");
      }
      return new Answer(response.code(), content.readByteString());
    }
  }

  /// What certificates are judged by is read when it is needed first, which takes a good part of a
  /// start.
  private synchronized OkHttpClient client(HttpUrl address) throws IOException {
    if (!address.isHttps()) {
      return inTheClear;
    }
    OkHttpClient client = secure;
    if (client == null) {
      client = overTls();
      secure = client;
    }
    return client;
  }

  /// TLS as Java is set up for it: its trust store, its own certificate, its cipher suites.
  private OkHttpClient overTls() throws IOException {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init((KeyStore) null);
      return inTheClear
          .newBuilder()
          .connectionSpecs(List.of(JAVAS_OWN))
          .sslSocketFactory(
              SSLContext.getDefault().getSocketFactory(),
              (X509TrustManager) trust.getTrustManagers()[0])
          .build();
    } catch (GeneralSecurityException e) {
      throw new SSLException("Java's own TLS cannot be used", e);
    }
  }

  /// What a good answer says.
  static byte[] body(Answer answer) throws IssuerException {
    if (answer.status() != 200) {
      throw new IssuerException(RefreshResult.BAD_STATUS);
    }
    return answer.content().toByteArray();
  }

  /// Ends what is under way, over TLS as well: both share calls and connections.
  @Override
  public void close() {
    closed = true;
    inTheClear.dispatcher().cancelAll();
    inTheClear.connectionPool().evictAll();
  }

  private static RefreshResult kind(@Nullable Throwable failure) {
    if (failure instanceof InterruptedIOException) {
      return RefreshResult.TIMED_OUT;
    }
    return failure instanceof IOException ? RefreshResult.UNREACHABLE : RefreshResult.MALFORMED;
  }
}
