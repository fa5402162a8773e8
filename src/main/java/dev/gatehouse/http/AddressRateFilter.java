package dev.gatehouse.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/// Holds the limit per address in front of what is no route but looks at tokens all the same.
public final class AddressRateFilter implements Filter {
  private final RateLimits limits;

  public AddressRateFilter(RateLimits limits) {
    this.limits = limits;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    limits.checkAddress((HttpServletRequest) request);
    chain.doFilter(request, response);
  }
}
