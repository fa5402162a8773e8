package dev.gatehouse.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// The rules for URLs that Gatehouse itself calls.
final class HttpUri {
  private HttpUri() {}

  static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw new InvalidSettingException("must be a URL such as https://host/path");
    }
  }

  /// Whether tokens may name it as their issuer (RFC 8414 section 2).
  static boolean isIssuer(String text) {
    try {
      URI uri = parse(text);
      return isTrustworthy(uri) && isPlain(uri);
    } catch (InvalidSettingException _) {
      return false;
    }
  }

  /// Absolute `http` or `https`, without user info, query or fragment.
  static boolean isPlain(URI uri) {
    return isAbsolute(uri) && uri.getRawQuery() == null;
  }

  /// `https`, or `http` where nobody can listen in: on this machine.
  static boolean isTrustworthy(URI uri) {
    return isAbsolute(uri)
        && (uri.getScheme().equalsIgnoreCase("https") || isLoopback(uri.getHost()));
  }

  /// A file of this machine, by its absolute path.
  static boolean isFile(URI uri) {
    return "file".equalsIgnoreCase(uri.getScheme())
        && uri.getRawAuthority() == null
        && uri.getRawPath() != null
        && uri.getRawPath().startsWith("/")
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  private static boolean isAbsolute(URI uri) {
    String scheme = uri.getScheme();
    return scheme != null
        && (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
        && uri.getHost() != null
        && uri.getPort() <= 65_535
        && uri.getPort() != 0
        && uri.getRawUserInfo() == null
        && uri.getRawFragment() == null;
  }
}
