package dev.gatehouse.upstream;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.http.Forwarding;
import dev.gatehouse.protocol.Protocol;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The agent server behind one route.
public final class Upstream {
  private static final int IDLE_CONNECTIONS = 64;
  private static final int IDLE_SECONDS = 60;

  private final OkHttpClient client;
  private final HttpUrl base;
  private final RequestHeaders requestHeaders;
  private final ResponseHeaders responseHeaders;

  private Upstream(OkHttpClient client, HttpUrl base, RouteConfig route, Protocol protocol) {
    this.client = client;
    this.base = base;
    this.requestHeaders = new RequestHeaders(route, protocol);
    this.responseHeaders =
        new ResponseHeaders(route, protocol, new LocationRewrite(base, publicPath(route)));
  }

  /// The upstream of a route. Nothing is connected yet.
  public static Upstream of(RouteConfig route, Protocol protocol) {
    HttpUrl base = HttpUrl.get(route.upstream().toString());
    return new Upstream(client(route), base, route, protocol);
  }

  /// One attempt and no other: no redirects and no retries. Connections are kept, but each is
  /// looked at before it is used again. Every clock is ours, so OkHttp's own are off.
  private static OkHttpClient client(RouteConfig route) {
    return new OkHttpClient.Builder()
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .socketFactory(new ChannelSockets())
        .addNetworkInterceptor(new Liveness())
        .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
        .protocols(List.of(okhttp3.Protocol.HTTP_1_1))
        .connectTimeout(route.timeouts().connect())
        .readTimeout(0, TimeUnit.SECONDS)
        .writeTimeout(0, TimeUnit.SECONDS)
        .callTimeout(0, TimeUnit.SECONDS)
        .addNetworkInterceptor(chain -> unasked(chain.proceed(chain.request())))
        .build();
  }

  /// OkHttp takes `Retry-After: 0` for leave to ask again by itself.
  private static Response unasked(Response response) {
    String pause = response.header("Retry-After");
    return response.code() == 503 && pause != null && pause.matches("0+")
        ? response.newBuilder().removeHeader("Retry-After").build()
        : response;
  }

  private static String publicPath(RouteConfig route) {
    String path = route.path();
    return path.endsWith("/*") ? path.substring(0, path.length() - 2) : path;
  }

  /// What to ask for, and in whose name.
  ///
  /// @param rest what followed the route's prefix, starting with `/`, or empty
  public UpstreamRequest request(
      HttpServletRequest inbound,
      String rest,
      Caller caller,
      Forwarding forwarding,
      String requestId) {
    return new UpstreamRequest(
        inbound.getMethod(),
        url(rest, inbound.getQueryString()),
        requestHeaders.build(inbound, caller, forwarding, requestId));
  }

  /// A call, ready to be made.
  public UpstreamCall call(UpstreamRequest request, Optional<OutboundBody> body) {
    return new UpstreamCall(client, request, body, responseHeaders);
  }

  private HttpUrl url(String rest, @Nullable String query) {
    String path = base.encodedPath();
    String joined = path.endsWith("/") && !rest.isEmpty() ? path + rest.substring(1) : path + rest;
    return base.newBuilder().encodedPath(joined).encodedQuery(query).build();
  }
}
