package dev.gatehouse.auth;

import dev.gatehouse.config.CrossSiteConfig;
import dev.gatehouse.config.Origin;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Turns away requests that another site made a browser send. Looks at headers only, before any
/// cookie or body: Fetch Metadata first, `Origin` second, a custom header for clients with neither.
public final class CrossSiteGuard {
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final Origins own;
  private final Origins allowed;
  private final boolean requireHeader;

  public CrossSiteGuard(CrossSiteConfig config, List<Origin> publicOrigins) {
    this.own = Origins.of(publicOrigins);
    this.allowed = Origins.of(config.allowedOrigins());
    this.requireHeader = config.requireHeader();
  }

  /// Passes, or refuses with `cross-site-request`.
  ///
  /// @throws ProblemException with [ProblemCode#CROSS_SITE_REQUEST]
  public void check(HttpServletRequest request) {
    if (!comesFromHere(request)) {
      throw refusal("The request does not come from a page of this origin.");
    }
    if (mustCarryHeader(request) && !carriesHeader(request)) {
      throw refusal("The request must carry the header X-CSRF: 1.");
    }
  }

  private boolean comesFromHere(HttpServletRequest request) {
    List<String> site = values(request, "Sec-Fetch-Site");
    List<String> origin = values(request, "Origin");
    if (site.size() > 1 || origin.size() > 1) {
      return false;
    }
    if (isTopLevelNavigation(request)) {
      return true;
    }
    if (!site.isEmpty()) {
      return fetchedFromHere(site.getFirst(), origin, request.getMethod());
    }
    if (!origin.isEmpty()) {
      return own.contains(origin.getFirst()) || allowed.contains(origin.getFirst());
    }
    return carriesHeader(request);
  }

  private boolean fetchedFromHere(String site, List<String> origin, String method) {
    return switch (site) {
      case "same-origin" -> true;
      case "same-site", "cross-site" -> !origin.isEmpty() && allowed.contains(origin.getFirst());
      case "none" -> method.equals("GET");
      default -> false;
    };
  }

  private static boolean isTopLevelNavigation(HttpServletRequest request) {
    return request.getMethod().equals("GET")
        && values(request, "Sec-Fetch-Mode").equals(List.of("navigate"))
        && values(request, "Sec-Fetch-Dest").equals(List.of("document"));
  }

  private boolean mustCarryHeader(HttpServletRequest request) {
    return !SAFE_METHODS.contains(request.getMethod())
        && (requireHeader || (hasBody(request) && !isJson(request)));
  }

  private static boolean carriesHeader(HttpServletRequest request) {
    return values(request, "X-CSRF").equals(List.of("1"));
  }

  // HTTP/2 may send a body without announcing its length. What browsers send that way has a type.
  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || !values(request, "Transfer-Encoding").isEmpty()
        || (request.getContentLengthLong() < 0 && !values(request, "Content-Type").isEmpty());
  }

  private static boolean isJson(HttpServletRequest request) {
    List<String> types = values(request, "Content-Type");
    if (types.size() != 1) {
      return false;
    }
    String type = types.getFirst().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }

  private static List<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header));
  }

  private static ProblemException refusal(String detail) {
    return Problem.of(ProblemCode.CROSS_SITE_REQUEST, detail).exception();
  }
}
