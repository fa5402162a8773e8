package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.ProbeServer.Answer;
import dev.gatehouse.config.CrossSiteConfig;
import dev.gatehouse.config.CrossSiteConfig.Mode;
import dev.gatehouse.config.Origin;
import dev.gatehouse.http.Exchange;
import dev.gatehouse.http.RequestIdFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossSiteGuardTest {
  private static final Origin OWN = new Origin("https", "app.example.com", 443);
  private static final Origin OWN_WITH_PORT = new Origin("http", "127.0.0.1", 8080);
  private static final Origin PARTNER = new Origin("https", "partner.example.org", 8443);
  private static final String JSON = "Content-Type: application/json";

  private static ProbeServer server;
  private static ProbeServer strictServer;

  @BeforeAll
  static void start() throws Exception {
    server = guarded(new CrossSiteConfig(CrossSiteConfig.Mode.ENFORCE, List.of(PARTNER), false));
    strictServer = guarded(new CrossSiteConfig(CrossSiteConfig.Mode.ENFORCE, List.of(), true));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    strictServer.close();
  }

  @Test
  void sameOriginFetchPasses() throws Exception {
    assertPassed(post("Sec-Fetch-Site: same-origin"));
  }

  @Test
  void sameOriginFetchPassesWithAnOriginHiddenByReferrerPolicy() throws Exception {
    assertPassed(post("Sec-Fetch-Site: same-origin", "Origin: null"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-site", "cross-site"})
  void fetchFromElsewherePassesOnlyFromAnAllowedOrigin(String site) throws Exception {
    String header = "Sec-Fetch-Site: " + site;
    assertPassed(post(header, "Origin: https://partner.example.org:8443"));
    assertRefused(post(header, "Origin: https://attacker.example"));
    assertRefused(post(header));
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-site", "cross-site"})
  void ownOriginDoesNotOutvoteFetchMetadata(String site) throws Exception {
    assertRefused(post("Sec-Fetch-Site: " + site, "Origin: https://app.example.com"));
  }

  @Test
  void customHeaderDoesNotOutvoteFetchMetadata() throws Exception {
    assertRefused(post("Sec-Fetch-Site: cross-site", "X-CSRF: 1"));
  }

  @Test
  void requestTypedByTheUserPassesForGetOnly() throws Exception {
    assertPassed(server.send("GET /", "Sec-Fetch-Site: none"));
    assertRefused(post("Sec-Fetch-Site: none"));
    assertRefused(server.send("DELETE /", "Sec-Fetch-Site: none"));
    assertRefused(server.send("HEAD /", "Sec-Fetch-Site: none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SAME-ORIGIN", "same-origin, same-origin", "same-origin;", "other"})
  void unknownFetchMetadataIsRefused(String site) throws Exception {
    assertRefused(post("Sec-Fetch-Site: " + site, "Origin: https://app.example.com"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com",
        "http://127.0.0.1:8080",
        "https://partner.example.org:8443"
      })
  void ownAndAllowedOriginsPassWithoutFetchMetadata(String origin) throws Exception {
    assertPassed(post("Origin: " + origin));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "http://app.example.com",
        "https://app.example.com:444",
        "https://app.example.com.attacker.com",
        "https://xapp.example.com",
        "https://app.example.com.",
        "https://APP.example.com",
        "https://app.example.com/",
        "https://app.example.com@attacker.com",
        "https://example.com",
        "https://sub.app.example.com",
        "https://app.example.com https://attacker.com",
        "https://attacker.com, https://app.example.com",
        "https://partner.example.org",
        "http://127.0.0.1",
        "app.example.com",
        "*"
      })
  void originThatIsNotOursToTheLetterIsRefused(String origin) throws Exception {
    assertRefused(post("Origin: " + origin));
  }

  @Test
  void refusedOriginIsNotRescuedByTheCustomHeader() throws Exception {
    assertRefused(post("Origin: https://attacker.example", "X-CSRF: 1"));
  }

  @Test
  void clientWithNeitherNeedsTheCustomHeader() throws Exception {
    assertPassed(post("X-CSRF: 1"));
    assertRefused(post());
    assertRefused(server.send("GET /"));
    assertPassed(server.send("GET /", "X-CSRF: 1"));
    assertRefused(server.send("DELETE /"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "true", "1, 1", "11"})
  void customHeaderMustBeExactlyOne(String value) throws Exception {
    assertRefused(post("X-CSRF: " + value));
  }

  @Test
  void repeatedHeadersAreRefused() throws Exception {
    String own = "Origin: https://app.example.com";
    assertRefused(post(own, own));
    assertRefused(post("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: same-origin"));
    assertRefused(post("Sec-Fetch-Site: same-origin", own, "Origin: https://attacker.example"));
    assertRefused(post("X-CSRF: 1", "X-CSRF: 1"));
  }

  @Test
  void topLevelNavigationPasses() throws Exception {
    assertPassed(
        server.send(
            "GET /",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: navigate",
            "Sec-Fetch-Dest: document"));
  }

  @Test
  void whatOnlyLooksLikeATopLevelNavigationIsRefused() throws Exception {
    String site = "Sec-Fetch-Site: cross-site";
    String navigate = "Sec-Fetch-Mode: navigate";
    String document = "Sec-Fetch-Dest: document";
    assertRefused(server.send("GET /", site, navigate, "Sec-Fetch-Dest: iframe"));
    assertRefused(server.send("GET /", site, navigate));
    assertRefused(server.send("GET /", site, "Sec-Fetch-Mode: no-cors", document));
    assertRefused(server.send("GET /", site, navigate, document, document));
    assertRefused(server.send("GET /", site, site, navigate, document));
    assertRefused(server.send("HEAD /", site, navigate, document));
    assertRefused(post(site, navigate, document));
  }

  @Test
  void longGetStreamIsGuarded() throws Exception {
    assertRefused(server.send("GET /", "Sec-Fetch-Site: cross-site", "Accept: text/event-stream"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: multipart/form-data; boundary=b",
        "Content-Type: text/plain",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: text/plain; a=application/json",
        "Content-Type: application/jsonx",
        "Content-Type: application/json, text/plain",
        "Content-Type:",
        "X-No-Type: x"
      })
  void uploadAlwaysNeedsTheCustomHeader(String type) throws Exception {
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
      String[] upload = {type, "Content-Length: 0", "Sec-Fetch-Site: same-origin"};
      assertPassed(server.send(method + " /", upload));
      upload[1] = "Transfer-Encoding: chunked";
      assertRefused(server.send(method + " /", upload));
      upload[1] = "Content-Length: 1";
      assertRefused(server.send(method + " /", upload));
      assertPassed(server.send(method + " /", upload[0], upload[1], upload[2], "X-CSRF: 1"));
    }
  }

  @Test
  void secondContentTypeMakesItAnUpload() throws Exception {
    assertRefused(
        server.send(
            "POST /",
            "Content-Length: 1",
            JSON,
            "Content-Type: text/plain",
            "Sec-Fetch-Site: same-origin"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/vnd.example+json"
      })
  void jsonIsNoUpload(String type) throws Exception {
    assertPassed(
        server.send(
            "POST /", "Content-Type: " + type, "Content-Length: 2", "Sec-Fetch-Site: same-origin"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/jsonp",
        "application/a b+json",
        "application/a\u0085b+json",
        "application/a/b+json",
        "application/x-www-form-urlencoded+"
      })
  void whatOnlyLooksLikeJsonIsAnUpload(String type) throws Exception {
    assertRefused(
        server.send(
            "POST /", "Content-Type: " + type, "Content-Length: 2", "Sec-Fetch-Site: same-origin"));
  }

  @Test
  void deleteWithoutBodyIsNoUpload() throws Exception {
    assertPassed(server.send("DELETE /", "Sec-Fetch-Site: same-origin"));
  }

  @Test
  void requiredHeaderIsDemandedOfEveryUnsafeRequest() throws Exception {
    String sameOrigin = "Sec-Fetch-Site: same-origin";
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
      assertRefused(strictServer.send(method + " /", JSON, sameOrigin));
      assertPassed(strictServer.send(method + " /", JSON, sameOrigin, "X-CSRF: 1"));
    }
    assertPassed(strictServer.send("GET /", sameOrigin));
  }

  @Test
  void methodOverrideChangesNothing() throws Exception {
    assertRefused(post("Sec-Fetch-Site: none", "X-HTTP-Method-Override: GET"));
  }

  @Test
  void ipv6OriginIsComparedAsBrowsersWriteIt() {
    Origins origins =
        Origins.of(List.of(new Origin("http", "::1", 8080), new Origin("http", "[::2]", 80)));
    assertTrue(origins.contains("http://[::1]:8080"));
    assertTrue(origins.contains("http://[::2]"));
  }

  @Test
  void logOnlyLetsThroughAndNotesTheObjection() throws Exception {
    CrossSiteGuard watching = guard(new CrossSiteConfig(Mode.LOG_ONLY, List.of(), true));
    String sameOrigin = "Sec-Fetch-Site: same-origin";
    try (ProbeServer lenient =
        ProbeServer.running((request, response) -> noted(watching, request, response))) {
      assertEquals("fetch-site", lenient.send("GET /", "Sec-Fetch-Site: cross-site").body());
      assertEquals("origin", lenient.send("GET /", "Origin: https://attacker.example").body());
      assertEquals("no-evidence", lenient.send("GET /").body());
      assertEquals("repeated-header", lenient.send("GET /", sameOrigin, sameOrigin).body());
      assertEquals("header-required", lenient.send("DELETE /", sameOrigin).body());
      assertEquals("none", lenient.send("GET /", sameOrigin).body());
    }
  }

  @Test
  void guardThatOnlyWatchesSaysSoInTheLog() {
    for (Mode mode : Mode.values()) {
      try (RecordedLog log = new RecordedLog()) {
        assertTrue(guard(new CrossSiteConfig(mode, List.of(), false)) != null);
        assertEquals(mode == Mode.LOG_ONLY ? 1 : 0, log.warnings().size(), mode.text());
      }
    }
  }

  @Test
  void objectionIsTheReasonOfTheRefusal() {
    assertEquals(Optional.of("upload"), Objection.UPLOAD.exception().problem().reason());
  }

  private static String noted(
      CrossSiteGuard guard, HttpServletRequest request, HttpServletResponse response) {
    try {
      new RequestIdFilter()
          .doFilter(request, response, (passed, _) -> guard.check((HttpServletRequest) passed));
    } catch (IOException | ServletException e) {
      throw new IllegalStateException(e);
    }
    return Exchange.of(request).objection().orElse("none");
  }

  private static CrossSiteGuard guard(CrossSiteConfig config) {
    return new CrossSiteGuard(config, List.of(OWN, OWN_WITH_PORT), _ -> false);
  }

  private static ProbeServer guarded(CrossSiteConfig config) throws Exception {
    CrossSiteGuard guard = guard(config);
    return ProbeServer.running((request, _) -> {
      guard.check(request);
      return "passed";
    });
  }

  private static Answer post(String... headers) throws Exception {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = JSON;
    all[1] = "Content-Length: 2";
    return server.send("POST /", all);
  }

  private static void assertPassed(Answer answer) {
    assertEquals(200, answer.status(), answer.body());
  }

  private static void assertRefused(Answer answer) {
    assertEquals(403, answer.status());
    assertTrue(answer.body().isEmpty() || answer.body().contains("cross-site-request"));
    assertTrue(!answer.mentions("Access-Control-Allow-Origin"));
  }
}
