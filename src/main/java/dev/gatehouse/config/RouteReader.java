package dev.gatehouse.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads the `routes` of a file.
final class RouteReader {
  private static final URI ANY_UPSTREAM = URI.create("http://127.0.0.1");

  private RouteReader() {}

  static List<RouteConfig> routes(List<Section> sections) {
    List<RouteConfig> routes = new ArrayList<>();
    for (Section section : sections) {
      routes.add(route(section, defaults("/!/" + routes.size())));
    }
    return routes;
  }

  private static RouteConfig defaults(String path) {
    return RouteConfig.of(path, ANY_UPSTREAM, ProtocolName.CHATKIT);
  }

  private static RouteConfig route(Section section, RouteConfig defaults) {
    Function<String, String> text = Function.identity();
    String path = section.required("path", defaults.path(), text);
    URI upstream = section.required("upstream", defaults.upstream(), HttpUri::parse);
    HttpVersion httpVersion =
        section.choice("http-version", versions()).orElse(defaults.httpVersion());
    ProtocolName protocol = section.choice("protocol", protocols()).orElse(defaults.protocol());
    Set<String> methods =
        section.list("methods", text).<Set<String>>map(Set::copyOf).orElse(protocol.methods());
    ContextConfig context = context(section.section("context"));
    Map<String, String> identity =
        section.map("identity-headers", text).orElse(defaults.identityHeaders());
    List<HeaderPattern> requestHeaders = patterns(section, "forward-request-headers");
    List<HeaderPattern> responseHeaders = patterns(section, "forward-response-headers");
    Map<String, Secret> added =
        section.map("add-request-headers", Secret::parse).orElse(defaults.addRequestHeaders());
    Map<String, String> rewritten =
        section.map("rewrite-urls", text).orElse(defaults.rewriteUrls());
    long maxBodySize = section.value("max-body-size", Amount::size).orElse(defaults.maxBodySize());
    TimeoutsConfig timeouts = timeouts(section.section("timeouts"));
    RouteConfig.TokenExpiry expiry =
        section.choice("on-token-expiry", expiries()).orElse(defaults.onTokenExpiry());
    Duration heartbeat = section.value("heartbeat", Amount::duration).orElse(defaults.heartbeat());
    return section.build(
        defaults,
        () ->
            new RouteConfig(
                path,
                upstream,
                httpVersion,
                protocol,
                methods,
                context,
                identity,
                requestHeaders,
                responseHeaders,
                added,
                rewritten,
                maxBodySize,
                timeouts,
                expiry,
                heartbeat));
  }

  private static ContextConfig context(Section section) {
    ContextConfig defaults = ContextConfig.DEFAULTS;
    boolean enabled = section.value("enabled", Amount::truth).orElse(defaults.enabled());
    int maxSize = section.value("max-size", Amount::smallSize).orElse(defaults.maxSize());
    Optional<List<String>> targets = section.list("targets", Function.identity());
    return section.build(defaults, () -> new ContextConfig(enabled, maxSize, targets));
  }

  private static TimeoutsConfig timeouts(Section section) {
    TimeoutsConfig defaults = TimeoutsConfig.DEFAULTS;
    Duration connect = section.value("connect", Amount::duration).orElse(defaults.connect());
    Duration firstByte = section.value("first-byte", Amount::duration).orElse(defaults.firstByte());
    Duration idle = section.value("idle", Amount::duration).orElse(defaults.idle());
    Duration total = section.value("total", Amount::duration).orElse(defaults.total());
    return section.build(defaults, () -> new TimeoutsConfig(connect, firstByte, idle, total));
  }

  private static List<HeaderPattern> patterns(Section section, String name) {
    return section.list(name, HeaderPattern::new).orElse(List.of());
  }

  private static Map<String, ProtocolName> protocols() {
    Map<String, ProtocolName> names = new LinkedHashMap<>();
    for (ProtocolName name : ProtocolName.values()) {
      names.put(name.text(), name);
    }
    return names;
  }

  private static Map<String, HttpVersion> versions() {
    Map<String, HttpVersion> versions = new LinkedHashMap<>();
    for (HttpVersion version : HttpVersion.values()) {
      versions.put(version.text(), version);
    }
    return versions;
  }

  private static Map<String, RouteConfig.TokenExpiry> expiries() {
    Map<String, RouteConfig.TokenExpiry> names = new LinkedHashMap<>();
    for (RouteConfig.TokenExpiry expiry : RouteConfig.TokenExpiry.values()) {
      names.put(expiry.name().toLowerCase(Locale.ROOT), expiry);
    }
    return names;
  }
}
