package dev.gatehouse.upstream;

import java.io.IOException;
import java.util.Objects;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/// Whether the body of one answer has begun to arrive together with its head. Then head and bytes
/// can go out together as well: one packet less for the client to be woken by.
final class BodyStart {
  private volatile boolean here;

  /// Takes note of it, for a request that has one of these as a tag.
  static Response note(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    Response response = chain.proceed(request);
    BodyStart start = request.tag(BodyStart.class);
    Connection connection = Objects.requireNonNull(chain.connection());
    if (start != null && !StreamAdmission.isHttp2(connection)) {
      boolean chunked = response.header("Transfer-Encoding") != null;
      start.here =
          chunked
              ? RealConnections.hasUnreadChunk(connection)
              : RealConnections.hasUnreadBytes(connection);
    }
    return response;
  }

  /// Whether the first read gives bytes without a wait.
  boolean isHere() {
    return here;
  }
}
