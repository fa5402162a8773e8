package dev.gatehouse.upstream;

import static okhttp3.ConnectionSpec.CLEARTEXT;
import static okhttp3.ConnectionSpec.MODERN_TLS;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.HttpVersion;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.http.Forwarding;
import dev.gatehouse.http.TraceContext;
import dev.gatehouse.protocol.Protocol;
import dev.gatehouse.stream.Clocks;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The agent server behind one route.
public final class Upstream {
  /// How soon an HTTP/2 connection without a sign of life is given up: at the second PING.
  private static final Duration PING_EVERY = Duration.ofSeconds(20);

  private final StreamAdmission admission;
  private final Clients clients;
  private final HttpUrl base;
  private final Clocks clocks;
  private final Duration connectLimit;
  private final RequestHeaders requestHeaders;
  private final ResponseHeaders responseHeaders;

  private Upstream(HttpUrl base, RouteConfig route, Protocol protocol, Clocks clocks) {
    this.admission = new StreamAdmission(route.httpVersion(), route.timeouts().connect());
    this.clients = clients(route, client(route, base.isHttps(), admission));
    this.base = base;
    this.clocks = clocks;
    this.connectLimit = route.timeouts().connect();
    this.requestHeaders = new RequestHeaders(route, protocol);
    this.responseHeaders =
        new ResponseHeaders(route, protocol, new LocationRewrite(base, publicPath(route)));
  }

  /// The upstream of a route. Nothing is connected yet.
  public static Upstream of(RouteConfig route, Protocol protocol, Clocks clocks) {
    HttpUrl base = HttpUrl.get(route.upstream().toString());
    return new Upstream(base, route, protocol, clocks);
  }

  /// One attempt and no other: no redirects and no retries. Connections are kept, but each is
  /// looked at before it is used again. Every clock is ours, so OkHttp's own are off.
  private static OkHttpClient client(RouteConfig route, boolean secure, StreamAdmission admission) {
    return new OkHttpClient.Builder()
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .socketFactory(new ChannelSockets())
        .eventListenerFactory(ConnectClock::of)
        .addNetworkInterceptor(Arrival::note)
        .addNetworkInterceptor(new Liveness())
        .addNetworkInterceptor(admission)
        .addNetworkInterceptor(new SoundHead())
        .protocols(protocols(route.httpVersion(), secure))
        .connectionSpecs(List.of(secure ? MODERN_TLS : CLEARTEXT))
        .pingInterval(PING_EVERY)
        .connectTimeout(route.timeouts().connect())
        .readTimeout(0, TimeUnit.SECONDS)
        .writeTimeout(0, TimeUnit.SECONDS)
        .callTimeout(0, TimeUnit.SECONDS)
        .addNetworkInterceptor(chain -> unasked(chain.proceed(chain.request())))
        .addNetworkInterceptor(PassingHeaders::write)
        .build();
  }

  private static Clients clients(RouteConfig route, OkHttpClient model) {
    return switch (route.httpVersion()) {
      case HTTP_1_1 -> Clients.apart(model);
      case HTTP_2 -> Clients.shared(model);
    };
  }

  private static List<okhttp3.Protocol> protocols(HttpVersion version, boolean secure) {
    return switch (version) {
      case HTTP_1_1 -> List.of(okhttp3.Protocol.HTTP_1_1);
      case HTTP_2 ->
          secure
              ? List.of(okhttp3.Protocol.HTTP_2, okhttp3.Protocol.HTTP_1_1)
              : List.of(okhttp3.Protocol.H2_PRIOR_KNOWLEDGE);
    };
  }

  /// OkHttp takes `Retry-After: 0` for leave to ask again by itself, and stumbles over numbers that
  /// no wait has.
  private static Response unasked(Response response) {
    String pause = response.header("Retry-After");
    return response.code() == 503 && pause != null && pause.matches("0+|[0-9]{9,}")
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
  /// @param trace the trace that the agent is to go on with
  public UpstreamRequest request(
      HttpServletRequest inbound,
      String rest,
      Caller caller,
      Forwarding forwarding,
      String requestId,
      Optional<TraceContext> trace) {
    return new UpstreamRequest(
        inbound.getMethod(),
        url(rest, inbound.getQueryString()),
        requestHeaders.build(inbound, caller, forwarding, requestId, trace));
  }

  /// A call, ready to be made.
  public UpstreamCall call(UpstreamRequest request, Optional<OutboundBody> body) {
    ConnectClock connectClock = new ConnectClock(clocks, connectLimit);
    return new UpstreamCall(clients, request, body, connectClock, admission, responseHeaders);
  }

  private HttpUrl url(String rest, @Nullable String query) {
    String path = base.encodedPath();
    String joined = path.endsWith("/") && !rest.isEmpty() ? path + rest.substring(1) : path + rest;
    return base.newBuilder().encodedPath(joined).encodedQuery(query).build();
  }
}
