package dev.gatehouse.http;

import dev.gatehouse.config.ChatKitConfig;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// The headers every answer carries. Pages get a policy without inline code and without other
/// hosts, but for ChatKit's where it is to be shown; `Referrer-Policy: same-origin` keeps page
/// addresses from other sites and yet lets the gate see its own pages'.
public final class SecurityHeadersFilter implements Filter {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";
  private static final String CHATKIT = "https://cdn.platform.openai.com";

  private final String policy;

  /// @param chatKit whether pages may show ChatKit is whether they have a key for it
  public SecurityHeadersFilter(ChatKitConfig chatKit) {
    this.policy = chatKit.domainKey().isPresent() ? withChatKit() : POLICY;
  }

  private static String withChatKit() {
    return POLICY
            .replace("script-src 'self'", "script-src 'self' " + CHATKIT)
            .replace("img-src 'self' data:", "img-src 'self' data: " + CHATKIT)
            .replace("font-src 'self'", "font-src 'self' " + CHATKIT)
        + "; frame-src "
        + CHATKIT;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse http = (HttpServletResponse) response;
    http.setHeader("X-Content-Type-Options", "nosniff");
    http.setHeader("Content-Security-Policy", policy);
    http.setHeader("Referrer-Policy", "same-origin");
    http.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    chain.doFilter(request, response);
  }
}
