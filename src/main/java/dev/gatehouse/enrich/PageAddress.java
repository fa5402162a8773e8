package dev.gatehouse.enrich;

import dev.gatehouse.config.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The address of a page as a browser reports it: never with user info or fragment.
///
/// @param path starts with `/`, as encoded by the browser
/// @param query empty or starts with `?`
record PageAddress(Origin origin, String path, String query) {
  private static final int MAX_PORT = 65_535;
  // Path and query are taken as they are, because browsers leave characters in them that
  // java.net.URI refuses; only the part that trust hangs on is parsed.
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<base>https?://[!-~&&[^/?#]]+)(?<path>/[!-~&&[^?#]]*)?(?<query>\\?[!-~&&[^#]]*)?(?:#.*)?",
          Pattern.CASE_INSENSITIVE);

  static Optional<PageAddress> parse(String text) {
    Matcher parts = SHAPE.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return origin(parts.group("base"))
        .map(origin ->
            new PageAddress(
                origin,
                Optional.ofNullable(parts.group("path")).orElse("/"),
                Optional.ofNullable(parts.group("query")).orElse("")));
  }

  PageAddress withoutQuery() {
    return new PageAddress(origin, path, "");
  }

  String url() {
    String port = origin.port() == defaultPort(origin.scheme()) ? "" : ":" + origin.port();
    return origin.scheme() + "://" + origin.host() + port + path + query;
  }

  private static Optional<Origin> origin(String base) {
    try {
      URI uri = new URI(base).parseServerAuthority();
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int port = uri.getPort() == -1 ? defaultPort(scheme) : uri.getPort();
      return port > 0 && port <= MAX_PORT
          ? Optional.of(new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port))
          : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }
}
