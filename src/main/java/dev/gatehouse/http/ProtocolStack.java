package dev.gatehouse.http;

import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HostHeaderCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/// What is spoken on a listener's connections, from the outermost layer inward: Jetty's protocols,
/// as strict as they can be.
record ProtocolStack(List<ConnectionFactory> layers) {
  private static final long ONE_YEAR_SECONDS = 31_536_000;

  /// Streams that one HTTP/2 connection may have open.
  private static final int CONCURRENT_STREAMS = 128;

  /// Control frames per second (resets, pings, settings, continuations) that a client in its right
  /// mind never needs; more than these end the connection.
  private static final int CONTROL_FRAMES_PER_SECOND = 128;

  /// What an upload may have under way, unread, per stream and per connection.
  private static final int STREAM_WINDOW = 256 * 1024;

  private static final int CONNECTION_WINDOW = 1024 * 1024;

  /// HTTP/1.1 and nothing else.
  static ProtocolStack http1(int maxHeaderSize, Duration headerTimeout) {
    HeaderClock clock = new HeaderClock(headerTimeout);
    return new ProtocolStack(List.of(clock.http1(http(maxHeaderSize))));
  }

  /// HTTP/1.1, and HTTP/2 for clients that begin with it.
  static ProtocolStack clear(int maxHeaderSize, Duration headerTimeout) {
    HttpConfiguration http = http(maxHeaderSize);
    HeaderClock clock = new HeaderClock(headerTimeout);
    HTTP2CServerConnectionFactory http2 = new PriorKnowledge(http2(http, clock));
    limit(http2, clock);
    return new ProtocolStack(List.of(clock.http1(http), http2));
  }

  /// TLS, in which client and server agree on HTTP/2 or HTTP/1.1.
  static ProtocolStack secure(int maxHeaderSize, Duration headerTimeout, TlsContext tls) {
    HttpConfiguration http = http(maxHeaderSize);
    HeaderClock clock = new HeaderClock(headerTimeout);
    http.addCustomizer(new SecureRequestCustomizer(false, false, ONE_YEAR_SECONDS, false));
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http2(http, clock));
    limit(http2, clock);
    ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory();
    choice.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
    SslConnectionFactory secure = new SslConnectionFactory(tls.factory(), choice.getProtocol());
    secure.addEventListener(clock);
    return new ProtocolStack(List.of(secure, choice, http2, clock.http1(http)));
  }

  private static HttpConfiguration http(int maxHeaderSize) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(maxHeaderSize);
    // Each connection would keep a trie of the values it has seen, cookies and page contexts among
    // them, which costs more than to read them; and known values come in the cache's spelling.
    http.setHeaderCacheSize(0);
    http.setHeaderCacheCaseSensitive(true);
    // What is written goes out at once, which the pipe counts on: a buffer to collect writes in
    // would only be one more copy, and 32 KiB for every silent stream.
    http.setOutputAggregationSize(0);
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(new UriCompliance("STRICT", UriCompliance.NO_VIOLATION));
    http.addCustomizer((request, _) -> soundlyFramed(request));
    return http;
  }

  /// HTTP/1.0 knows no chunks: a proxy in front that speaks it takes them for the next request (RFC
  /// 9112, 6.1).
  private static Request soundlyFramed(Request request) {
    if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0
        && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
      throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400);
    }
    return request;
  }

  /// A copy, because the HTTP/2 factory enlarges the input buffers of the one it is given; with the
  /// `Host` that HTTP/2 calls `:authority`.
  private static HttpConfiguration http2(HttpConfiguration http, HeaderClock clock) {
    HttpConfiguration copy = new HttpConfiguration(http);
    copy.addCustomizer(clock);
    copy.addCustomizer(new HostHeaderCustomizer());
    return copy;
  }

  private static void limit(HTTP2ServerConnectionFactory http2, HeaderClock clock) {
    http2.addEventListener(clock);
    http2.setMaxConcurrentStreams(CONCURRENT_STREAMS);
    http2.setRateControlFactory(new WindowRateControl.Factory(CONTROL_FRAMES_PER_SECOND));
    http2.setInitialStreamRecvWindow(STREAM_WINDOW);
    http2.setInitialSessionRecvWindow(CONNECTION_WINDOW);
    http2.setConnectProtocolEnabled(false);
  }

  /// HTTP/2 in the clear without the upgrade from HTTP/1.1, which RFC 9113 has dropped and which is
  /// a way past the rules of a proxy in front.
  private static final class PriorKnowledge extends HTTP2CServerConnectionFactory {
    PriorKnowledge(HttpConfiguration http) {
      super(http);
    }

    @Override
    public @Nullable Connection upgradeConnection(
        Connector connector,
        EndPoint endPoint,
        MetaData.Request request,
        HttpFields.Mutable response) {
      return HttpMethod.PRI.is(request.getMethod())
          ? super.upgradeConnection(connector, endPoint, request, response)
          : null;
    }
  }
}
