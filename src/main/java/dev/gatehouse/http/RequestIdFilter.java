package dev.gatehouse.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// Gives every request its [Exchange] and tells the client its id. A client's own `X-Request-Id` is
/// not used: it would let anybody write into logs.
public final class RequestIdFilter implements Filter {
  static final String HEADER = "X-Request-Id";

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Exchange exchange = new Exchange();
    request.setAttribute(Exchange.ATTRIBUTE, exchange);
    ((HttpServletResponse) response).setHeader(HEADER, exchange.requestId());
    chain.doFilter(request, response);
  }
}
