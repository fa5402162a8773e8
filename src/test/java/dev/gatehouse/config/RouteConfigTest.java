package dev.gatehouse.config;

import static dev.gatehouse.config.Refusals.acceptRoute;
import static dev.gatehouse.config.Refusals.assertRouteRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteConfigTest {
  private static final URI UPSTREAM = URI.create("http://127.0.0.1:8000/chatkit");

  @ParameterizedTest
  @CsvSource({
    "chatkit,POST",
    "ag-ui,POST",
    "mcp,DELETE GET POST",
    "a2a,DELETE GET POST",
    "ai-sdk,GET POST",
    "openai,DELETE GET POST",
    "json,POST",
    "raw,GET HEAD POST PUT"
  })
  void routeThatNamesNoMethodsHasThoseOfItsProtocol(String protocol, String methods) {
    RouteConfig route = acceptRoute("protocol: " + protocol);
    assertEquals(List.of(methods.split(" ")), route.methods().stream().sorted().toList());
    assertEquals(protocol, route.protocol().text());
  }

  @Test
  void urlsToBeRewrittenAreRead() {
    assertEquals(Map.of(), acceptRoute("protocol: raw").rewriteUrls());
    assertEquals(
        Map.of("http://agent:8000/files", "/api/files"),
        acceptRoute("rewrite-urls: {\"http://agent:8000/files\": /api/files}").rewriteUrls());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent/files",
        "ftp://agent",
        "http://agent/",
        "http://agent/a?b",
        "http://u@agent"
      })
  void urlsThatCanNotBeginOneAreRefused(String url) {
    assertRouteRefused(
        "rewrite-urls: {\"" + url + "\": /api}", "rewrite-urls." + url, "must be the beginning of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "/", "/api/", "/api/*", "//evil", "/a/../b", "https://other/x"})
  void pathsThatUrlsCanNotBecomeAreRefused(String path) {
    assertRouteRefused(
        "rewrite-urls: {\"http://agent\": \"" + path + "\"}",
        "rewrite-urls.http://agent",
        "must lead to a path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/params", "/params/arguments", "/params/arguments/a", "/params/name", "/method"})
  void contextOfMcpKeepsOffWhatHeadersRepeat(String target) {
    assertTrue(
        Refusals.refuse(
                Refusals.file("", "", "protocol: mcp\n    context: {targets: [" + target + "]}"),
                Map.of())
            .getMessage()
            .contains("context.targets: would touch what Mcp-Method"));
  }

  private static RouteConfig at(String path) {
    return RouteConfig.of(path, UPSTREAM, ProtocolName.CHATKIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/*", "/api", "/api/", "/api/*", "/a.b/c~d/@x:y", "/bffx", "/..."})
  void plainPathsAreAccepted(String path) {
    assertEquals(path, at(path).path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api",
        "*",
        "/a*",
        "/*/a",
        "/a/**",
        "/a;b",
        "/a%2fb",
        "//",
        "/a//b",
        "/../a",
        "/a/..",
        "/a/./b",
        "/.",
        "/a?b",
        "/a#b",
        "/a b",
        "/\u00e4",
        "/a\\b",
        "/bff",
        "/bff/",
        "/bff/user",
        "/bff/*"
      })
  void otherPathsAreRefused(String path) {
    assertThrows(IllegalArgumentException.class, () -> at(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://agent:8000", "https://agent/a/b/", "http://[::1]:1/x", "HTTP://a"})
  void upstreamIsAnAbsoluteUrl(String upstream) {
    assertEquals(
        URI.create(upstream),
        RouteConfig.of("/a", URI.create(upstream), ProtocolName.RAW).upstream());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/chatkit",
        "agent:8000",
        "ftp://agent",
        "http:///a",
        "http://u:p@agent",
        "http://agent?x",
        "http://agent#f",
        "http://my_agent:80",
        "http://agent:99999",
        "http://agent:0"
      })
  void otherUpstreamsAreRefused(String upstream) {
    assertThrows(
        IllegalArgumentException.class,
        () -> RouteConfig.of("/a", URI.create(upstream), ProtocolName.RAW));
  }

  @Test
  void methodsAreUpperCaseTokens() {
    assertEquals(Set.of("GET", "M-SEARCH"), acceptRoute("methods: [GET, M-SEARCH]").methods());
    assertRouteRefused("methods: []", "methods", "at least one");
    assertRouteRefused("methods: [post]", "methods", "upper case");
    assertRouteRefused("methods: ['*']", "methods", "upper case");
    assertRouteRefused("methods: [TRACE]", "methods", "never routed");
    assertRouteRefused("methods: [CONNECT]", "methods", "never routed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "cookie",
        "Host",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "Transfer-Encoding",
        "Proxy-Authorization",
        "X-Forwarded-For",
        "x-forwarded-port",
        "Forwarded",
        "Via",
        "Content-Length",
        "X-Request-Id"
      })
  void headersOfGatehouseItselfCannotBeConfigured(String name) {
    assertRouteRefused(
        "identity-headers: {%s: sub}".formatted(name),
        "identity-headers." + name,
        "Gatehouse alone");
    assertRouteRefused(
        "add-request-headers: {%s: x}".formatted(name),
        "add-request-headers." + name,
        "Gatehouse alone");
    assertRouteRefused(
        "forward-request-headers: [%s]".formatted(name),
        "forward-request-headers[0]",
        "never crosses");
  }

  @Test
  void patternThatReachesReservedHeadersIsRefused() {
    for (String pattern : List.of("*", "X-*", "X-Forwarded-*", "c*", "Proxy-Foo")) {
      assertRouteRefused(
          "forward-request-headers: ['%s']".formatted(pattern),
          "forward-request-headers[0]",
          "never crosses");
    }
    for (String pattern : List.of("*", "Set-Cookie", "access-control-*", "Connection", "Server")) {
      assertRouteRefused(
          "forward-response-headers: ['%s']".formatted(pattern),
          "forward-response-headers[0]",
          "never crosses");
    }
  }

  @Test
  void otherHeadersMayCross() {
    RouteConfig route =
        acceptRoute(
            "forward-request-headers: [X-Org-*, X-Trace]\n    forward-response-headers: [X-Org-*]");
    assertTrue(route.forwardRequestHeaders().getFirst().matches("x-org-id"));
    assertEquals(List.of(new HeaderPattern("X-Org-*")), route.forwardResponseHeaders());
  }

  @Test
  void headerNamesAreTokens() {
    assertRouteRefused("identity-headers: {X User: sub}", "identity-headers.X User", "header name");
    assertRouteRefused("add-request-headers: {'X-*': a}", "add-request-headers.X-*", "header name");
    assertRouteRefused("forward-request-headers: ['X:Y']", "forward-request-headers[0]", "header");
  }

  @Test
  void headersThatServersConfuseAreRefused() {
    String twice = Refusals.file("", "", "identity-headers: {X_User: sub, x-user: email}");
    assertTrue(Refusals.refuse(twice, Map.of()).getMessage().contains("is there twice"));
    String both =
        Refusals.file(
            "", "", "identity-headers: {X-User: sub}\n    add-request-headers: {x_user: a}");
    assertTrue(Refusals.refuse(both, Map.of()).getMessage().contains("an identity header already"));
  }

  @Test
  void identityHeaderNeedsAClaim() {
    assertRouteRefused("identity-headers: {X-User: ''}", "identity-headers.X-User", "a claim");
  }

  @Test
  void secretIsReadFromItsFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "s3cr3t\n");
    RouteConfig route = acceptRoute("add-request-headers: {X-Api-Key: 'file:%s'}".formatted(file));
    assertEquals(Map.of("X-Api-Key", new Secret("s3cr3t")), route.addRequestHeaders());
    assertFalse(route.toString().contains("s3cr3t"));
  }

  @Test
  void unreadableSecretIsRefusedWithoutItsPath() {
    assertRouteRefused(
        "add-request-headers: {X-Api-Key: 'file:none/such'}",
        "add-request-headers.X-Api-Key",
        "cannot be read");
  }

  @Test
  void fileOfTwoLinesIsNoSecret(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "a\nX-Evil: 1\n");
    assertRouteRefused(
        "add-request-headers: {X-Api-Key: 'file:%s'}".formatted(file),
        "add-request-headers.X-Api-Key",
        "one line");
  }

  @Test
  void targetsAreJsonPointers() {
    assertEquals(
        Optional.of(List.of("/metadata", "/a~1b/~0c")),
        acceptRoute("context: {targets: [/metadata, /a~1b/~0c]}").context().targets());
    for (String pointer : List.of("metadata", "''", "/a~2", "/a~")) {
      assertRouteRefused(
          "context: {targets: [%s]}".formatted(pointer), "context.targets", "JSON Pointers");
    }
  }

  @Test
  void rawBodiesHaveNoTargets() {
    assertRouteRefused(
        "context: {targets: [/a]}\n    protocol: raw", "context.targets", "never read");
  }

  @Test
  void sizesArePositive() {
    assertRouteRefused("max-body-size: 0", "max-body-size", "more than 0");
    assertRouteRefused("context: {max-size: 0}", "context.max-size", "more than 0");
  }

  @Test
  void bodyHeldInMemoryHasALimit() {
    assertRouteRefused("max-body-size: 2GiB", "max-body-size", "at most 1GiB");
    assertEquals(2L << 30, acceptRoute("max-body-size: 2GiB\n    protocol: raw").maxBodySize());
  }

  @Test
  void everyWordOfTheFileHasItsMeaning() {
    assertEquals(ProtocolName.JSON, acceptRoute("protocol: json").protocol());
    assertEquals(
        RouteConfig.TokenExpiry.CLOSE, acceptRoute("on-token-expiry: close").onTokenExpiry());
    assertFalse(acceptRoute("context: {enabled: false}").context().enabled());
    assertRouteRefused("on-token-expiry: closed", "on-token-expiry", "did you mean 'close'?");
    assertRouteRefused("context: {enabled: yes}", "context.enabled", "true or false");
    assertRouteRefused("timeouts: {idle: 5}", "timeouts.idle", "must be a duration");
  }
}
