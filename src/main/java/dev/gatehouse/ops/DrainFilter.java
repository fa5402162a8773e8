package dev.gatehouse.ops;

import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Set;

/// Turns new requests away while the gate drains, and counts the others.
public final class DrainFilter implements Filter {
  private static final String RETRY_AFTER_SECONDS = "5";
  private static final String REJECTED = "rejected";

  private final Drain drain;
  private final Set<String> routes;

  /// @param drain shared with whoever stops the gate
  /// @param routes paths of the configured routes, whose exchanges are counted by how they end
  public DrainFilter(Drain drain, Set<String> routes) {
    this.drain = drain;
    this.routes = Set.copyOf(routes);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!drain.admits(request)) {
      describe((HttpServletRequest) request);
      throw Problem.of(ProblemCode.DRAINING, "This server is shutting down; try again")
          .with("Retry-After", RETRY_AFTER_SECONDS)
          .with("Connection", "close")
          .exception();
    }
    chain.doFilter(request, response);
  }

  private void describe(HttpServletRequest request) {
    String path = request.getHttpServletMapping().getPattern();
    if (routes.contains(path)) {
      Exchange exchange = Exchange.of(request);
      exchange.routed(path);
      exchange.ended(REJECTED);
    }
  }
}
