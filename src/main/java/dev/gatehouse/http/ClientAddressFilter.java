package dev.gatehouse.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/// Notes where a request comes from, as long as its connection is there to be asked.
public final class ClientAddressFilter implements Filter {
  private final ProxyTrust proxies;

  public ClientAddressFilter(ProxyTrust proxies) {
    this.proxies = proxies;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    proxies.client((HttpServletRequest) request).ifPresent(Exchange.of(request)::from);
    chain.doFilter(request, response);
  }
}
