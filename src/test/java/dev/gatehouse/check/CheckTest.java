package dev.gatehouse.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.AdminConfig;
import dev.gatehouse.config.AuditConfig;
import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.ChatKitConfig;
import dev.gatehouse.config.CookieConfig;
import dev.gatehouse.config.CrossSiteConfig;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.IntrospectionConfig;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.config.ListenAddress;
import dev.gatehouse.config.Origin;
import dev.gatehouse.config.ProtocolName;
import dev.gatehouse.config.RateLimitConfig;
import dev.gatehouse.config.RouteConfig;
import dev.gatehouse.config.Secret;
import dev.gatehouse.config.ServerConfig;
import dev.gatehouse.config.TelemetryConfig;
import dev.gatehouse.config.TracesConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckTest {
  private static final String KEYS =
      "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}";
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MockWebServer server = new MockWebServer();
  private final Map<String, MockResponse> answers = new ConcurrentHashMap<>();

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answers.getOrDefault(request.getUrl().encodedPath(), answer(404, ""));
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
    answers.put(DISCOVERY, answer(200, metadata(issuer())));
    answers.put("/jwks", answer(200, KEYS));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everythingInPlaceIsReady() throws InterruptedException {
    String report = report(config(), true);
    assertTrue(report.endsWith("✓ gatehouse ready\n"), report);
    assertFalse(report.contains("✗"), report);
    assertContains(report, "✓ posture of tokens: authMode jwt, anyAudience false\n");
    assertContains(report, "✓ posture of pages: crossSite enforce, csrfHeader false");
    assertContains(report, "✓ posture of network: tls false, trustedProxies 0\n");
    assertContains(report, "✓ issuer: " + issuer());
    assertContains(report, "✓ keys: 1 for signatures at " + issuer() + "/jwks");
    assertContains(report, "/agent answers (HTTP 404)");
    for (int i = server.getRequestCount(); i > 0; i--) {
      assertTrue(Set.of("GET", "OPTIONS").contains(server.takeRequest().getMethod()));
    }
  }

  @Test
  void oneFailureIsNotReady() {
    answers.put("/jwks", answer(500, ""));
    String report = report(config(), false);
    assertContains(report, "✗ keys: " + issuer() + "/jwks answers HTTP 500 — ");
    assertTrue(
        report.endsWith("✗ gatehouse is not ready — see the lines above marked ✗\n"), report);
  }

  @Test
  void metadataMayBeThatOfOAuth() {
    answers.remove(DISCOVERY);
    answers.put(OAUTH, answer(200, metadata(issuer())));
    report(config(), true);
  }

  @Test
  void metadataOfAnIssuerWithPathIsWhereTheRfcPutsIt() {
    assertEquals(
        List.of(
            URI.create("https://id.example.com/a/b/.well-known/openid-configuration"),
            URI.create("https://id.example.com/.well-known/oauth-authorization-server/a/b")),
        MetadataProbe.places("https://id.example.com/a/b/"));
  }

  @Test
  void issuerWithoutMetadataFails() {
    answers.remove(DISCOVERY);
    assertContains(report(config(), false), "✗ issuer: no metadata at " + issuer());
  }

  @Test
  void metadataOfAnotherIssuerFails() {
    answers.put(DISCOVERY, answer(200, metadata(issuer() + "/")));
    assertContains(
        report(config(), false), "names '%s/' — auth.issuer must be exactly".formatted(issuer()));
  }

  @Test
  void metadataWithoutKeysFails() {
    answers.put(DISCOVERY, answer(200, "{\"issuer\":\"%s\"}".formatted(issuer())));
    assertContains(report(config(), false), "✗ issuer: its metadata names no usable jwks_uri");
  }

  @Test
  void metadataThatIsNoJsonFails() {
    answers.put(DISCOVERY, answer(200, "<html>"));
    assertContains(report(config(), false), "✗ issuer: the metadata at ");
  }

  @Test
  void configuredKeysNeedNoMetadata() {
    answers.remove(DISCOVERY);
    report(with(auth(Optional.of(URI.create(issuer() + "/jwks")), Set.of("RS256"))), true);
  }

  @Test
  void redirectedKeysFail() {
    answers.put("/moved", answer(200, KEYS));
    answers.put(
        "/jwks", new MockResponse.Builder().code(302).setHeader("Location", "/moved").build());
    assertContains(report(config(), false), "/jwks answers HTTP 302");
  }

  @Test
  void whatIsNoKeySetFails() {
    for (String body : List.of("", "<html>", "{}", "[]", "{\"keys\":{}}", "null")) {
      answers.put("/jwks", answer(200, body));
      assertContains(report(config(), false), "✗ keys: no key set at ");
    }
  }

  @Test
  void endlessKeySetFails() {
    answers.put("/jwks", answer(200, " ".repeat(600 * 1024) + KEYS));
    assertContains(
        report(config(), false), "/jwks: the connection broke, or the answer is no HTTP");
  }

  @Test
  void silentIssuerFails() {
    answers.put(
        "/jwks", new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    GatehouseConfig config =
        with(auth(Optional.of(URI.create(issuer() + "/jwks")), Set.of("RS256")));
    assertContains(report(config, false, Duration.ofSeconds(1)), "/jwks: no answer within 1 s");
  }

  @Test
  void keysForOtherPurposesDoNotCount() {
    for (String key :
        List.of(
            "{\"kty\":\"RSA\",\"use\":\"enc\"}",
            "{\"kty\":\"RSA\",\"alg\":\"RS512\"}",
            "{\"kty\":\"RSA\",\"d\":\"x\"}",
            "{\"kty\":\"oct\",\"k\":\"x\"}",
            "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
            "7")) {
      answers.put("/jwks", answer(200, "{\"keys\":[" + key + "]}"));
      assertContains(report(config(), false), "is a public signing key for [RS256]");
    }
  }

  @Test
  void curveMustFitTheAlgorithm() {
    Set<String> algorithms = Set.of("ES384");
    GatehouseConfig config = with(auth(Optional.of(URI.create(issuer() + "/jwks")), algorithms));
    answers.put("/jwks", answer(200, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\"}]}"));
    report(config, true);
    answers.put("/jwks", answer(200, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-521\"}]}"));
    report(config, false);
  }

  @Test
  void upstreamThatIsDownFails() throws IOException {
    try (Socket bound = new Socket()) {
      // Taken but not listening, so that nothing else on this machine can answer there.
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      URI upstream = URI.create("http://127.0.0.1:" + bound.getLocalPort());
      assertContains(
          report(with(RouteConfig.of("/a", upstream, ProtocolName.RAW)), false),
          "✗ route /a: %s: nothing listens there — start the agent server, or correct routes[0].upstream"
              .formatted(upstream));
    }
  }

  @Test
  void upstreamWithoutANameFails() {
    URI upstream = URI.create("http://agent.invalid");
    assertContains(
        report(with(RouteConfig.of("/a", upstream, ProtocolName.RAW)), false),
        "http://agent.invalid: the host name does not resolve");
  }

  @Test
  void upstreamWithoutTlsFails() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerInPlainText(plain));
      URI upstream = URI.create("https://127.0.0.1:" + plain.getLocalPort());
      assertContains(
          report(with(RouteConfig.of("/a", upstream, ProtocolName.RAW)), false), ": TLS failed");
    }
  }

  private static void answerInPlainText(ServerSocket server) {
    try (Socket connection = server.accept()) {
      connection
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      connection.shutdownOutput();
      // Closing with bytes unread would reset the connection and lose the answer.
      connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void takenPortFails() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      var listen = new ListenAddress("127.0.0.1", taken.getLocalPort());
      assertContains(
          report(with(listen, List.of()), false),
          "✗ server.listen: %s cannot be bound".formatted(listen.text()));
    }
  }

  @Test
  void addressOfAnotherMachineFails() {
    var listen = new ListenAddress("192.0.2.1", 0);
    assertContains(
        report(with(listen, List.of()), false), "✗ server.listen: 192.0.2.1:0 cannot be bound");
    assertContains(
        report(with(new ListenAddress("gate.invalid", 0), List.of()), false),
        "✗ server.listen: gate.invalid:0: the host name does not resolve");
  }

  @Test
  void webappNeedsAnIndex(@TempDir Path folder) throws IOException {
    assertContains(report(withWebapp(folder.resolve("none")), false), "is no folder");
    assertContains(report(withWebapp(folder), false), "has no readable index.html");
    Files.writeString(folder.resolve("index.html"), "<!doctype html>");
    assertContains(report(withWebapp(folder), true), "✓ webapp: " + folder);
  }

  @Test
  void keysInAFileAreReadThere(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.json");
    GatehouseConfig config = with(auth(Optional.of(file.toUri()), Set.of("EdDSA")));
    assertContains(report(config, false), "cannot be read — check that it is a file");
    Files.writeString(file, "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQ\"}]}");
    assertContains(report(config, true), "✓ keys: 1 for signatures at file:");
    Files.writeString(file, "{\"keys\":[{\"kty\":\"RSA\"}]}");
    assertContains(report(config, false), "is a public signing key for [EdDSA]");
  }

  @Test
  void everyIssuerIsTried(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.json");
    Files.writeString(file, "{\"keys\":[{\"kty\":\"RSA\"}]}");
    IssuerConfig first = auth(Optional.of(file.toUri()), Set.of("RS256")).issuers().getFirst();
    IssuerConfig second = IssuerConfig.of("http://127.0.0.1:1", Set.of("agent-api"));
    String report = report(with(new AuthConfig.Jwt(List.of(first, second))), false);
    assertContains(report, "✓ keys: 1 for signatures at file:");
    assertContains(report, "✗ issuer: no metadata at http://127.0.0.1:1/.well-known/");
  }

  @Test
  void issuerIsAskedAboutAToken() {
    answers.put("/introspect", answer(200, "{\"active\":false}"));
    assertContains(report(with(introspection()), true), "✓ introspection: answers at " + issuer());
    answers.put("/introspect", answer(401, ""));
    assertContains(report(with(introspection()), false), "check client-id, client-secret");
    answers.put("/introspect", answer(200, "<html>"));
    String report = report(with(introspection()), false);
    assertContains(report, "does not say whether a token is active");
    assertFalse(report.contains("hush"), report);
  }

  @Test
  void passthroughIsAdvisedAgainstButPasses() {
    assertContains(
        report(with(new AuthConfig.Passthrough()), true),
        "✓ auth.mode: passthrough — no token is verified here");
  }

  private AuthConfig introspection() {
    return new AuthConfig.Introspection(
        IssuerConfig.of(issuer(), Set.of("agent-api")),
        new IntrospectionConfig(
            Optional.of(URI.create(issuer() + "/introspect")),
            "gate",
            new Secret("hush"),
            IntrospectionConfig.Authentication.CLIENT_SECRET_BASIC,
            Duration.ZERO));
  }

  @Test
  void weakSettingsAreAdvisedAgainstButPass() {
    GatehouseConfig config =
        with(
            new ListenAddress("0.0.0.0", 0),
            List.of(Origin.parse("http://app.example.com"), Origin.parse("http://localhost:3000")));
    String report = report(config, true);
    assertContains(report, "✓ cookie: auth_token — a name beginning with __Host-");
    assertContains(report, "✓ server.public-origins: http://app.example.com is not https");
    assertFalse(report.contains("localhost:3000"), report);
    assertContains(
        report(with(new ListenAddress("0.0.0.0", 0), List.of()), true),
        "✓ server.public-origins: none");
    assertContains(
        report(with(AuthConfig.of(issuer(), Set.of("*"))), true),
        "✓ auth.audience: the check is off");
  }

  @Test
  void tokensThatMcpForbidsToPassOnAreAdvisedAgainst() {
    GatehouseConfig base = config();
    RouteConfig mcp = RouteConfig.of("/api/mcp", route().upstream(), ProtocolName.MCP);
    assertContains(
        report(config(base.server(), base.auth(), mcp, Optional.empty()), true),
        "✓ routes: /api/mcp speaks MCP, which forbids to pass tokens on — ");
  }

  @Test
  void collectorOfTracesIsAskedToo() {
    URI there = server.url("/v1/traces").uri();
    answers.put("/v1/traces", answer(405, ""));
    assertContains(
        report(tracedTo(there), true),
        "✓ telemetry.traces.endpoint: " + there + " answers (HTTP 405)\n");
    URI nowhere = URI.create("http://127.0.0.1:1/v1/traces");
    assertContains(
        report(tracedTo(nowhere), false),
        "✗ telemetry.traces.endpoint: "
            + nowhere
            + ": nothing listens there — start the collector, or correct"
            + " telemetry.traces.endpoint\n");
  }

  private GatehouseConfig tracedTo(URI endpoint) {
    GatehouseConfig base = config();
    return new GatehouseConfig(
        base.server(),
        base.admin(),
        base.cookie(),
        base.auth(),
        base.crossSite(),
        base.audit(),
        new TelemetryConfig(Optional.of(TracesConfig.to(endpoint))),
        base.routes(),
        base.chatkit(),
        base.webapp());
  }

  @Test
  void adminOpenToTheNetworkIsAdvisedAgainst() {
    GatehouseConfig base = config();
    GatehouseConfig open =
        new GatehouseConfig(
            base.server(),
            new AdminConfig(new ListenAddress("0.0.0.0", 0)),
            new CookieConfig("__Host-auth_token"),
            base.auth(),
            base.crossSite(),
            base.audit(),
            base.telemetry(),
            base.routes(),
            base.chatkit(),
            base.webapp());
    String report = report(open, true);
    assertContains(report, "✓ admin.listen: 0.0.0.0:0 is open to the network — ");
    assertContains(report, "✓ cookie: __Host-auth_token\n");
  }

  @Test
  void controlCharactersOfOthersStayOffTheTerminal() {
    assertEquals("✗ a?[31m? — b", Finding.failed("a\u001b[31m\n", "b").toString());
  }

  private static void assertContains(String report, String text) {
    assertTrue(report.contains(text), () -> report + "lacks: " + text);
  }

  private static MockResponse answer(int status, String body) {
    return new MockResponse.Builder().code(status).body(body).build();
  }

  private String issuer() {
    return "http://127.0.0.1:" + server.getPort();
  }

  private String metadata(String name) {
    return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/jwks\"}".formatted(name, issuer());
  }

  private static String report(GatehouseConfig config, boolean ready) {
    return report(config, ready, PATIENCE);
  }

  private static String report(GatehouseConfig config, boolean ready, Duration patience) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream lines = new PrintStream(out, true, StandardCharsets.UTF_8);
    boolean passed = new Check(config, lines, InstantSource.system(), patience).run();
    String report = out.toString(StandardCharsets.UTF_8);
    assertEquals(ready, passed, report);
    return report;
  }

  private AuthConfig auth(Optional<URI> keys, Set<String> algorithms) {
    IssuerConfig defaults = IssuerConfig.of(issuer(), Set.of("agent-api"));
    return new AuthConfig.Jwt(
        List.of(
            new IssuerConfig(
                defaults.issuer(),
                defaults.audience(),
                keys,
                algorithms,
                defaults.tokenTypes(),
                defaults.clockSkew(),
                Map.of(),
                List.of(),
                defaults.userClaims())));
  }

  private RouteConfig route() {
    return RouteConfig.of("/api", URI.create(issuer() + "/agent"), ProtocolName.CHATKIT);
  }

  private GatehouseConfig config() {
    return with(auth(Optional.empty(), Set.of("RS256")));
  }

  private GatehouseConfig with(AuthConfig auth) {
    return config(
        serverOn(new ListenAddress("127.0.0.1", 0), List.of()), auth, route(), Optional.empty());
  }

  private GatehouseConfig with(RouteConfig route) {
    GatehouseConfig base = config();
    return config(base.server(), base.auth(), route, Optional.empty());
  }

  private GatehouseConfig with(ListenAddress listen, List<Origin> origins) {
    return config(serverOn(listen, origins), config().auth(), route(), Optional.empty());
  }

  private GatehouseConfig withWebapp(Path folder) {
    GatehouseConfig base = config();
    return config(base.server(), base.auth(), route(), Optional.of(folder));
  }

  private static GatehouseConfig config(
      ServerConfig server, AuthConfig auth, RouteConfig route, Optional<Path> webapp) {
    return new GatehouseConfig(
        server,
        new AdminConfig(new ListenAddress("127.0.0.1", 0)),
        CookieConfig.DEFAULTS,
        auth,
        CrossSiteConfig.DEFAULTS,
        AuditConfig.DEFAULTS,
        TelemetryConfig.DEFAULTS,
        List.of(route),
        ChatKitConfig.DEFAULTS,
        webapp);
  }

  private static ServerConfig serverOn(ListenAddress listen, List<Origin> origins) {
    return new ServerConfig(
        listen,
        origins,
        List.of(),
        Optional.empty(),
        32 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        10,
        5,
        RateLimitConfig.DEFAULTS);
  }
}
