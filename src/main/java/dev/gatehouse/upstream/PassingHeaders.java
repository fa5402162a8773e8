package dev.gatehouse.upstream;

import java.io.IOException;
import java.util.Objects;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The headers of a request, the token among them, for as long as it may have to be sent. OkHttp
/// holds a request until its answer has ended; of one that lasts for hours these are not needed any
/// more, so they are written past it. (Over HTTP/2 the last of them stay in the connection's table
/// of header fields, RFC 7541 section 2.3.2.)
final class PassingHeaders {
  /// By what of them it decides what it adds itself, and what it does with the answer.
  static final Headers KEPT = Headers.of("User-Agent", "gatehouse", "Accept-Encoding", "identity");

  private volatile @Nullable Headers headers;

  PassingHeaders(Headers headers) {
    this.headers = headers;
  }

  /// Adds those that go along with a request.
  static Response write(Interceptor.Chain chain) throws IOException {
    Request kept = chain.request();
    Headers passing = Objects.requireNonNull(Companions.of(kept).headers().headers);
    Headers all = kept.headers().newBuilder().addAll(passing).build();
    return chain.proceed(kept.newBuilder().headers(all).build());
  }

  /// The request will not be sent again.
  ///
  /// @param answer which holds what was sent
  /// @return as good as the same, and does not
  Response forgottenBy(Response answer) {
    headers = null;
    return answer.newBuilder().networkResponse(null).build();
  }
}
