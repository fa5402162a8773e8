package dev.gatehouse.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What makes a [RouteConfig] one that can be served without surprises.
final class RouteRules {
  /// One spelling per path: whatever another server could read differently is left out.
  private static final Pattern PATH =
      Pattern.compile("(?:/[A-Za-z0-9._~!$&'()+,=:@-]+)*(?:/|/\\*)?");

  private static final Pattern DOT_SEGMENT = Pattern.compile(".*/\\.{1,2}(?:/.*)?");
  private static final Pattern PUBLIC_PATH = Pattern.compile("(?:/[A-Za-z0-9._~-]+)+");
  private static final Pattern MIRRORED =
      Pattern.compile("/(?:method|id|params|params/(?:name|uri|arguments)(?:/.*)?)");
  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]*");
  private static final Set<String> NEVER_ROUTED = Set.of("CONNECT", "TRACE");
  private static final long MAX_READ_BODY = 1L << 30;

  private RouteRules() {}

  static void path(Requirements requirements, String path) {
    boolean wellFormed =
        path.startsWith("/")
            && PATH.matcher(path).matches()
            && !DOT_SEGMENT.matcher(path).matches()
            && !path.equals("/");
    requirements
        .that(
            wellFormed,
            "path",
            "must start with /, be longer than that and plain: no //, no . or .. segment, none of ;"
                + " % ? #, and * only as a trailing /*")
        .that(
            !path.equals("/bff") && !path.startsWith("/bff/"),
            "path",
            "must not be under /bff/, which is Gatehouse's own");
  }

  static void methods(Requirements requirements, Set<String> methods) {
    requirements
        .that(!methods.isEmpty(), "methods", "must name at least one method")
        .that(
            methods.stream().allMatch(m -> METHOD.matcher(m).matches()),
            "methods",
            "must be methods in upper case such as POST")
        .that(
            methods.stream().noneMatch(NEVER_ROUTED::contains),
            "methods",
            "CONNECT and TRACE are never routed");
  }

  static void identityHeaders(Requirements requirements, Map<String, String> headers) {
    headerNames(requirements, "identity-headers", headers.keySet());
    headers.forEach((name, claim) ->
        requirements.that(
            !claim.isBlank(), "identity-headers." + name, "must name a claim such as sub"));
  }

  static void addedHeaders(
      Requirements requirements, Set<String> added, Set<String> identityHeaders) {
    headerNames(requirements, "add-request-headers", added);
    Set<String> identity =
        identityHeaders.stream().map(HeaderName::folded).collect(Collectors.toSet());
    for (String name : added) {
      requirements.that(
          !identity.contains(HeaderName.folded(name)),
          "add-request-headers." + name,
          "is an identity header already; one of the two must go");
    }
  }

  static void forwardedHeaders(
      Requirements requirements, List<HeaderPattern> request, List<HeaderPattern> response) {
    for (int i = 0; i < request.size(); i++) {
      String key = "forward-request-headers[" + i + "]";
      ReservedHeaders.inRequest(request.get(i))
          .ifPresent(
              met -> requirements.that(false, key, "reaches " + met + ", which never crosses"));
    }
    for (int i = 0; i < response.size(); i++) {
      String key = "forward-response-headers[" + i + "]";
      ReservedHeaders.inResponse(response.get(i))
          .ifPresent(
              met -> requirements.that(false, key, "reaches " + met + ", which never crosses"));
    }
  }

  static void rewrittenUrls(Requirements requirements, Map<String, String> urls) {
    urls.forEach((url, path) -> {
      String key = "rewrite-urls." + url;
      requirements
          .that(
              isPrefix(url),
              key,
              "must be the beginning of an http or https URL, without query and without a / at the"
                  + " end")
          .that(
              PUBLIC_PATH.matcher(path).matches() && !DOT_SEGMENT.matcher(path).matches(),
              key,
              "must lead to a path such as /api/files, without a / at the end");
    });
  }

  private static boolean isPrefix(String url) {
    try {
      return HttpUri.isPlain(HttpUri.parse(url)) && !url.endsWith("/");
    } catch (InvalidSettingException _) {
      return false;
    }
  }

  static void body(
      Requirements requirements, ProtocolName protocol, ContextConfig context, long maxBodySize) {
    boolean raw = protocol == ProtocolName.RAW;
    requirements
        .positive(maxBodySize, "max-body-size")
        .that(
            raw || maxBodySize <= MAX_READ_BODY,
            "max-body-size",
            "must be at most 1GiB, because bodies of this protocol are held in memory")
        .that(
            !raw || context.targets().isEmpty(),
            "context.targets",
            "cannot be filled: bodies of protocol raw are never read")
        .that(
            protocol != ProtocolName.MCP
                || context.targets().stream()
                    .flatMap(List::stream)
                    .noneMatch(target -> MIRRORED.matcher(target).matches()),
            "context.targets",
            "would touch what Mcp-Method, Mcp-Name and Mcp-Param-* repeat; use /params/_meta/…");
  }

  private static void headerNames(Requirements requirements, String section, Set<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      String key = section + "." + name;
      boolean token = HeaderName.isToken(name) && !name.endsWith("*");
      requirements
          .that(token, key, "must be a header name: letters, digits and -")
          .that(
              !token || ReservedHeaders.inRequest(new HeaderPattern(name)).isEmpty(),
              key,
              "is set by Gatehouse alone or never sent; choose another name")
          .that(
              seen.add(HeaderName.folded(name)),
              key,
              "is there twice, once _ and - and case are taken as equal");
    }
  }
}
