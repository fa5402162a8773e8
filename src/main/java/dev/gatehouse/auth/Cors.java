package dev.gatehouse.auth;

import dev.gatehouse.config.CrossSiteConfig;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Lets scripts of the configured further origins read answers (Fetch standard, CORS protocol).
/// Says nothing at all when there are none.
public final class Cors {
  private static final int MAX_NAMES = 1024;
  private static final Pattern NAMES =
      Pattern.compile("[\\w!#$%&'*+.^`|~-]++(?:[ \\t]*+,[ \\t]*+[\\w!#$%&'*+.^`|~-]++)*+");

  private final Origins allowed;

  public Cors(CrossSiteConfig config) {
    this.allowed = Origins.of(config.allowedOrigins());
  }

  /// Adds what an allowed origin needs to read the answer, whatever the answer will be.
  public void expose(HttpServletRequest request, HttpServletResponse response) {
    if (allowed.isEmpty()) {
      return;
    }
    response.addHeader("Vary", "Origin");
    if (isAllowed(request)) {
      response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));
      response.setHeader("Access-Control-Allow-Credentials", "true");
      response.setHeader("Access-Control-Expose-Headers", "X-Request-Id, X-Gatehouse-Context");
    }
  }

  /// Answers 204 if this is the preflight of an allowed origin; otherwise touches nothing.
  ///
  /// @param methods what the route accepts
  /// @return whether it was answered
  public boolean preflight(
      HttpServletRequest request, HttpServletResponse response, Collection<String> methods) {
    if (!request.getMethod().equals("OPTIONS")
        || values(request, "Access-Control-Request-Method").size() != 1
        || !isAllowed(request)) {
      return false;
    }
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    response.addHeader("Vary", "Origin");
    response.setHeader("Access-Control-Allow-Origin", request.getHeader("Origin"));
    response.setHeader("Access-Control-Allow-Credentials", "true");
    response.setHeader("Access-Control-Allow-Methods", String.join(", ", new TreeSet<>(methods)));
    response.setHeader("Access-Control-Max-Age", "600");
    allowHeaders(request, response);
    return true;
  }

  // Which headers cross is decided later, by the route; here the origin is what matters.
  private static void allowHeaders(HttpServletRequest request, HttpServletResponse response) {
    List<String> asked = values(request, "Access-Control-Request-Headers");
    if (asked.size() == 1
        && asked.getFirst().length() <= MAX_NAMES
        && NAMES.matcher(asked.getFirst()).matches()) {
      response.setHeader("Access-Control-Allow-Headers", asked.getFirst());
    }
  }

  private boolean isAllowed(HttpServletRequest request) {
    List<String> origin = values(request, "Origin");
    return origin.size() == 1 && allowed.contains(origin.getFirst());
  }

  private static List<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header));
  }
}
