package dev.gatehouse.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a listener binds; port 0 picks a free one. An IPv6 host has no brackets here.
public record ListenAddress(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");

  public ListenAddress {
    new Requirements()
        .that(!host.isEmpty(), "", "must name a host")
        .that(port >= 0 && port <= 65_535, "", "must have a port from 0 to 65535")
        .hold();
  }

  /// `127.0.0.1:8080`, `localhost:0` or `[::1]:8080`.
  ///
  /// @throws IllegalArgumentException if host or port is missing
  public static ListenAddress parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new InvalidSettingException(
          "must be HOST:PORT such as 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080");
    }
    String address = parts.group(1);
    String host = address != null ? address : parts.group(2);
    return new ListenAddress(host, Integer.parseInt(parts.group(3)));
  }

  /// The form used in URLs, with brackets around an IPv6 host.
  public String text() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
