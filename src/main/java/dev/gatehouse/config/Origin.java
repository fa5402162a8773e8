package dev.gatehouse.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A web origin (RFC 6454): scheme, lower-case host and effective port. An IPv6 host keeps its
/// brackets, as browsers send it.
public record Origin(String scheme, String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(https?)://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::([0-9]{1,5}))?", Pattern.CASE_INSENSITIVE);

  public Origin {
    scheme = scheme.toLowerCase(Locale.ROOT);
    host = host.toLowerCase(Locale.ROOT);
    boolean web = scheme.equals("http") || scheme.equals("https");
    new Requirements()
        .that(web, "", "must be http or https")
        .that(!host.isEmpty(), "", "must name a host")
        .that(port > 0 && port <= 65_535, "", "must have a port from 1 to 65535")
        .hold();
  }

  /// An origin as browsers write it: `https://app.example.com`, without path or trailing slash.
  ///
  /// @throws IllegalArgumentException if it is anything else, `*` and `null` included
  public static Origin parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new InvalidSettingException(
          "must be one exact origin such as https://app.example.com, without path or trailing"
              + " slash; * and null are never allowed");
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String port = parts.group(3);
    return new Origin(
        scheme, parts.group(2), port == null ? defaultPort(scheme) : Integer.parseInt(port));
  }

  /// The form of an `Origin` header (RFC 6454 section 6.2), with the port only where it is not the
  /// scheme's own.
  public String text() {
    return scheme + "://" + authority();
  }

  /// Host and port as a `Host` header has them.
  public String authority() {
    return port == defaultPort(scheme) ? host : host + ":" + port;
  }

  /// Whether it can only be this machine.
  public boolean isLoopback() {
    return HttpUri.isLoopback(host);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }
}
