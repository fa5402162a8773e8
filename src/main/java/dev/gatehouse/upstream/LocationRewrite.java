package dev.gatehouse.upstream;

import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/// Translates a `Location` into the upstream to the path the browser knows it under.
///
/// @param upstream the route's upstream, path without a trailing slash
/// @param publicPath the route's path without `/*`
record LocationRewrite(HttpUrl upstream, String publicPath) {
  /// What browsers take for the beginning of another host (URL standard, section 4.4).
  private static final Pattern OTHER_HOST = Pattern.compile("[/\\\\]{2}");

  /// The address for the browser: our path where it points into the route, as it is where it points
  /// to another site, and nothing where it would give away an inner address of the upstream's host.
  Optional<String> rewrite(HttpUrl asked, String location) {
    HttpUrl target = asked.resolve(location);
    if (target == null) {
      return Optional.empty();
    }
    boolean sameHost =
        target.host().equals(upstream.host())
            && target.port() == upstream.port()
            && target.scheme().equals(upstream.scheme());
    if (!sameHost) {
      return Optional.of(location);
    }
    return inside(target.encodedPath())
        .map(rest -> publicPath + rest)
        .filter(path -> !OTHER_HOST.matcher(path).lookingAt())
        .map(path -> path + suffix(target));
  }

  private static String suffix(HttpUrl target) {
    String query = target.encodedQuery() == null ? "" : "?" + target.encodedQuery();
    return target.encodedFragment() == null ? query : query + "#" + target.encodedFragment();
  }

  private Optional<String> inside(String path) {
    String base = upstream.encodedPath();
    String prefix = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    boolean within = path.equals(prefix) || path.startsWith(prefix + "/");
    return within ? Optional.of(path.substring(prefix.length())) : Optional.empty();
  }
}
