package dev.gatehouse.relay;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Forwarding;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.stream.Ending;
import dev.gatehouse.stream.OpenStreams;
import dev.gatehouse.upstream.UpstreamRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;

/// What Gatehouse does, for one route. [#relay] is the whole of it, in the order users can rely on:
/// nothing reaches the upstream before its last step.
public final class RelayServlet extends HttpServlet {
  @Serial private static final long serialVersionUID = 1;

  /// What nginx made a habit for a client that left before it was answered; it is only logged.
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private final transient Route route;
  private final transient Gate gate;
  private final transient Payloads payloads;
  private final transient ErrorFrames frames;

  /// @param config the route
  /// @param gate what it shares with the others
  public RelayServlet(RouteConfig config, Gate gate) {
    this.route = Route.of(config);
    this.gate = gate;
    this.payloads = new Payloads(route, gate.origins());
    this.frames = new ErrorFrames(route.protocol());
  }

  private void relay(HttpServletRequest request, HttpServletResponse response, Exchange exchange)
      throws IOException {
    String rest = route.match(request);
    gate.guard().check(request);
    Caller caller = gate.authenticator().authenticate(request);
    try (OpenStreams.Place place = gate.streams().enter(route.config().path(), caller.subject())) {
      Payload payload = payloads.read(request, caller);
      Forwarding forwarding = gate.proxies().forwarding(request);
      UpstreamRequest outbound =
          route.upstream().request(request, rest, caller, forwarding, exchange.requestId());
      AnswerHead head = new AnswerHead(frames, payload.context());
      Passage passage = new Passage(route, gate.clocks(), place.lifeline(), head);
      try {
        finish(passage.run(request, response, caller.expiresAt(), outbound, payload), response);
      } finally {
        place.lifeline().ending().ifPresent(ending -> ended(exchange, ending));
      }
    }
  }

  private static void ended(Exchange exchange, Ending ending) {
    exchange.ended(ending.label());
    if (ending == Ending.CLIENT_CLOSED) {
      exchange.letGo();
    }
  }

  /// A broken answer must look broken: no last chunk, and the connection closes.
  private static void finish(Ending ending, HttpServletResponse response) throws IOException {
    if (ending != Ending.COMPLETED) {
      if (!response.isCommitted()) {
        response.setStatus(CLIENT_CLOSED_REQUEST);
      }
      response.sendError(-1);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Exchange exchange = Exchange.of(request);
    exchange.routed(route.config().path());
    exchange.ended(Ending.REJECTED.label());
    if (gate.cors().preflight(request, response, route.config().methods())) {
      return;
    }
    gate.cors().expose(request, response);
    try {
      relay(request, response, exchange);
    } catch (ClientBody.Broken _) {
      exchange.ended(Ending.CLIENT_CLOSED.label());
      finish(Ending.CLIENT_CLOSED, response);
    } catch (ProblemException e) {
      if (!frames.answer(e.problem(), request, response)) {
        throw e;
      }
    }
  }
}
