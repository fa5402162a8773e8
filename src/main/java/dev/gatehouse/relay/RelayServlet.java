package dev.gatehouse.relay;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.connection.ClientWatch;
import dev.gatehouse.enrich.PublicUrls;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Forwarding;
import dev.gatehouse.http.Principal;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.http.TraceContext;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.OpenStreams;
import dev.gatehouse.trace.Trace;
import dev.gatehouse.trace.UpstreamSpan;
import dev.gatehouse.upstream.UpstreamRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What Gatehouse does, for one route. [#relay] is the whole of it, in the order users can rely on:
/// nothing reaches the upstream before its last step.
public final class RelayServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  /// What an agent or another user's upload says is no page of ours: opened as one, it runs nothing
  /// and has no origin (CSP level 3).
  private static final String POLICY =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

  private static final Set<String> FETCHES = Set.of("GET", "HEAD");

  private final transient Route route;
  private final transient Gate gate;
  private final transient Payloads payloads;
  private final transient ErrorFrames frames;
  private final transient PublicUrls urls;

  /// @param config the route
  /// @param gate what it shares with the others
  public RelayServlet(RouteConfig config, Gate gate) {
    this.route = Route.of(config, gate.clocks());
    this.gate = gate;
    this.payloads = new Payloads(route, gate);
    this.frames = new ErrorFrames(route.protocol());
    this.urls = PublicUrls.of(config.rewriteUrls());
  }

  private void relay(HttpServletRequest request, HttpServletResponse response, Exchange exchange)
      throws IOException {
    String rest = route.match(request);
    gate.guard().check(request);
    gate.rates().checkAddress(request);
    Caller caller = gate.authenticator().authenticate(request);
    Principal user = new Principal(caller.claim("iss").orElse(""), caller.subject());
    exchange.calledBy(user);
    gate.rates().checkUser(user);
    Holdings held = new Holdings();
    boolean over = true;
    try {
      OpenStreams.Place place = gate.streams().enter(route.config().path(), user);
      held.add(place::close);
      BodyRoom.Share share = gate.bodies().share();
      held.add(share::close);
      Payload payload = payloads.read(request, caller, share);
      Forwarding forwarding = gate.proxies().forwarding(request);
      requireUnexpired(caller);
      exchange.admitted();
      Optional<UpstreamSpan> span = span(request);
      Optional<TraceContext> trace =
          span.map(UpstreamSpan::context).or(() -> TraceContext.of(request));
      UpstreamRequest outbound =
          route.upstream().request(request, rest, caller, forwarding, exchange.requestId(), trace);
      AnswerHead head = new AnswerHead(frames, payload.context());
      AnswerUrls bodies = new AnswerUrls(urlsFor(request), forwarding.origin(), share);
      Passage passage = new Passage(route, gate.clocks(), place.lifeline(), head, bodies);
      held.add(() -> {
        place.lifeline().ending().ifPresent(ending -> ended(exchange, ending));
        span.ifPresent(call -> call.end(exchange));
      });
      held.add(passage::close);
      Optional<Ending> ending =
          passage.begin(request, response, caller.expiresAt(), outbound, payload);
      if (ending.isPresent()) {
        finish(held, ending.get(), request, response);
      } else {
        Stay stay =
            new Stay(
                request,
                place.lifeline(),
                held,
                passage,
                how -> finish(held, how, request, response));
        over = false;
        stay.begin();
      }
    } finally {
      if (over) {
        held.close();
      }
    }
  }

  private Optional<UpstreamSpan> span(HttpServletRequest request) {
    return Trace.of(request)
        .map(trace -> trace.call(request.getMethod(), route.config().upstream()));
  }

  /// A file that is fetched stays as it is.
  private PublicUrls urlsFor(HttpServletRequest request) {
    boolean file = !route.protocol().readsBody() && FETCHES.contains(request.getMethod());
    return file ? PublicUrls.NONE : urls;
  }

  /// A stream that ends with its token does not begin after it, also within the clock skew.
  private void requireUnexpired(Caller caller) {
    boolean closes = route.config().onTokenExpiry() == RouteConfig.TokenExpiry.CLOSE;
    if (closes && !caller.expiresAt().isAfter(Instant.now())) {
      throw Passage.expired();
    }
  }

  /// The log is written when the response is over, so all that it says has to be known before.
  private static void finish(
      Holdings held, Ending ending, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    held.close();
    finish(ending, request, response);
  }

  private static void ended(Exchange exchange, Ending ending) {
    exchange.ended(ending.label());
    if (ending == Ending.CLIENT_CLOSED) {
      exchange.letGo();
    }
  }

  /// A broken answer must look broken: no last chunk, and the connection closes, by reset where
  /// there are no chunks.
  private static void finish(
      Ending ending, HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (ending != Ending.COMPLETED) {
      if (!response.isCommitted()) {
        response.setStatus(Exchange.CLIENT_CLOSED_REQUEST);
      }
      ClientWatch.breakOff(request);
      response.sendError(-1);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Exchange exchange = Exchange.of(request);
    exchange.routed(route.config().path());
    if (gate.cors().preflight(request, response, route.config().methods())) {
      return;
    }
    exchange.ended(Ending.REJECTED.label());
    response.setHeader("Content-Security-Policy", POLICY);
    gate.cors().expose(request, response);
    try {
      relay(request, response, exchange);
    } catch (ClientBody.Broken _) {
      exchange.ended(Ending.CLIENT_CLOSED.label());
      finish(Ending.CLIENT_CLOSED, request, response);
    } catch (ProblemException e) {
      // Who is not known gets no 2xx, whatever that client makes of a 5xx.
      if (exchange.caller().isEmpty() || !frames.answer(e.problem(), request, response)) {
        throw e;
      }
    }
  }
}
