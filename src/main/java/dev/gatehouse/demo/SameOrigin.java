package dev.gatehouse.demo;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Whether a form was sent from our own page. Without this another site could sign a visitor in
/// under an account of its choice.
final class SameOrigin {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private SameOrigin() {}

  static boolean holds(HttpServletRequest request) {
    List<String> fetchSite = headers(request, "Sec-Fetch-Site");
    return fetchSite.isEmpty()
        ? originIsHost(headers(request, "Origin"), headers(request, "Host"))
        : fetchSite.equals(List.of("same-origin"));
  }

  private static boolean originIsHost(List<String> origins, List<String> hosts) {
    if (origins.size() != 1 || hosts.size() != 1) {
      return false;
    }
    String origin = origins.getFirst();
    int host = origin.indexOf("://");
    return host > 0
        && SCHEMES.contains(origin.substring(0, host))
        && origin.substring(host + "://".length()).equalsIgnoreCase(hosts.getFirst());
  }

  private static List<String> headers(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }
}
