package dev.gatehouse.auth;

import dev.gatehouse.config.CrossSiteConfig;
import dev.gatehouse.config.Origin;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns away requests that another site made a browser send. Looks at headers only, before any
/// cookie or body: Fetch Metadata first, `Origin` second, a custom header for clients with neither.
public final class CrossSiteGuard {
  private static final Logger log = LoggerFactory.getLogger(CrossSiteGuard.class);

  /// A media type of tokens (RFC 9110 sections 5.6.2 and 8.3.1) that is JSON or built on it.
  private static final Pattern JSON =
      Pattern.compile("application/(?:[\\w!#$%&'*+.^`|~-]*\\+)?json", Pattern.CASE_INSENSITIVE);

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final Origins own;
  private final Origins allowed;
  private final boolean requireHeader;
  private final CrossSiteConfig.Mode mode;
  private final Predicate<HttpServletRequest> goesOn;

  /// A guard; says in the log if it only watches.
  ///
  /// @param goesOn whether more comes after the headers, which HTTP/2 does not announce in them
  public CrossSiteGuard(
      CrossSiteConfig config, List<Origin> publicOrigins, Predicate<HttpServletRequest> goesOn) {
    this.goesOn = goesOn;
    this.own = Origins.of(publicOrigins);
    this.allowed = Origins.of(config.allowedOrigins());
    this.requireHeader = config.requireHeader();
    this.mode = config.mode();
    if (mode == CrossSiteConfig.Mode.LOG_ONLY) {
      log.warn("cross-site.mode is log-only: what other sites make browsers send is let through");
    }
  }

  /// Passes, or refuses with `cross-site-request`; in mode log-only it only notes the objection.
  ///
  /// @throws ProblemException with [ProblemCode#CROSS_SITE_REQUEST]
  public void check(HttpServletRequest request) {
    Optional<Objection> objection =
        toOrigin(request).or(() -> carriesHeader(request) ? Optional.empty() : toHeader(request));
    if (objection.isEmpty()) {
      return;
    }
    switch (mode) {
      case ENFORCE -> throw objection.get().exception();
      case LOG_ONLY -> Exchange.of(request).objectedTo(objection.get().text());
    }
  }

  private Optional<Objection> toOrigin(HttpServletRequest request) {
    List<String> site = values(request, "Sec-Fetch-Site");
    List<String> origin = values(request, "Origin");
    if (site.size() > 1 || origin.size() > 1) {
      return Optional.of(Objection.REPEATED_HEADER);
    }
    if (isTopLevelNavigation(request)) {
      return Optional.empty();
    }
    if (!site.isEmpty()) {
      return unless(
          fetchedFromHere(site.getFirst(), origin, request.getMethod()), Objection.FETCH_SITE);
    }
    if (!origin.isEmpty()) {
      return unless(
          own.contains(origin.getFirst()) || allowed.contains(origin.getFirst()), Objection.ORIGIN);
    }
    return unless(carriesHeader(request), Objection.NO_EVIDENCE);
  }

  private static Optional<Objection> unless(boolean holds, Objection objection) {
    return holds ? Optional.empty() : Optional.of(objection);
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

  private Optional<Objection> toHeader(HttpServletRequest request) {
    if (SAFE_METHODS.contains(request.getMethod())) {
      return Optional.empty();
    }
    return requireHeader
        ? Optional.of(Objection.HEADER_REQUIRED)
        : unless(!hasBody(request) || isJson(request), Objection.UPLOAD);
  }

  private static boolean carriesHeader(HttpServletRequest request) {
    return values(request, "X-CSRF").equals(List.of("1"));
  }

  // HTTP/2 may send a body without announcing its length.
  private boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || !values(request, "Transfer-Encoding").isEmpty()
        || (request.getContentLengthLong() < 0
            && (!values(request, "Content-Type").isEmpty() || goesOn.test(request)));
  }

  private static boolean isJson(HttpServletRequest request) {
    List<String> types = values(request, "Content-Type");
    if (types.size() != 1) {
      return false;
    }
    return JSON.matcher(types.getFirst().split(";", 2)[0].strip()).matches();
  }

  private static List<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header));
  }
}
