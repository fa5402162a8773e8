package dev.gatehouse.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Set;

/// Lets through what only reads. Servlets of our own stand behind it, since the servlet API answers
/// other methods without `Allow`, and TRACE with the request.
public final class ReadOnlyFilter implements Filter {
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!METHODS.contains(((HttpServletRequest) request).getMethod())) {
      throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path can only be read")
          .with("Allow", "GET, HEAD")
          .exception();
    }
    chain.doFilter(request, response);
  }
}
