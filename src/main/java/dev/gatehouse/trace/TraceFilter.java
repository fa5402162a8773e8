package dev.gatehouse.trace;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Set;

/// Begins the trace of every request that is a route's.
public final class TraceFilter implements Filter {
  private final Tracing tracing;
  private final Set<String> routes;

  /// @param routes paths of the configured routes
  public TraceFilter(Tracing tracing, Set<String> routes) {
    this.tracing = tracing;
    this.routes = Set.copyOf(routes);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest asked = (HttpServletRequest) request;
    String path = asked.getHttpServletMapping().getPattern();
    if (routes.contains(path)) {
      Trace.begin(tracing.tracer(), asked, path);
    }
    chain.doFilter(request, response);
  }
}
