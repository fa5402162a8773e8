package dev.gatehouse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.auth.CookieSeal;
import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.config.CookieKeyConfig;
import dev.gatehouse.config.EncryptionConfig;
import dev.gatehouse.config.SecretSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packaged program as a process of its own, in front of an upstream that answers everything
/// with `{}`: as it is without a setting that is not needed, or with all that makes it stricter.
public final class PackagedGate implements AutoCloseable {
  /// An exact route whose answers are streams that only their token's end ends.
  public static final String ENDLESS = "/api/endless";

  /// What one user may ask in a minute of a hardened gate.
  public static final int REQUESTS_PER_USER = 20;

  private static final Duration UNUSED = Duration.ofMinutes(5);
  private static final String KEY = "kanarienvogelkanarienvogelkanarienvogel1234";
  private static final Pattern READY =
      Pattern.compile("gatehouse ready on (https?://\\S+) \\(admin (http://\\S+)\\)");
  private static final CookieSeal SEAL =
      CookieSeal.of(
          new EncryptionConfig(
              List.of(new CookieKeyConfig(Optional.of("a"), new SecretSource(KEY))), false),
          InstantSource.system());

  private final Posture posture;
  private final Path folder;
  private final TestIssuer issuer = TestIssuer.start();
  private final ScriptedUpstream upstream = ScriptedUpstream.running(PackagedGate::answer);
  private final AtomicInteger users = new AtomicInteger();
  private final Program program;
  private final URI gate;
  private final URI admin;
  private int looked;

  private PackagedGate(Posture posture) throws Exception {
    this.posture = posture;
    this.folder = Files.createTempDirectory("gatehouse");
    this.program = run(configuration());
    Matcher ready = READY.matcher(program.nextLine());
    assertTrue(ready.matches(), () -> program.out().toString());
    this.gate = URI.create(ready.group(1));
    this.admin = URI.create(ready.group(2));
    Await.that("the gate is ready", () -> Browser.at(admin).get("/readyz").status() == 200);
  }

  /// How it is configured.
  public enum Posture {
    /// What is needed and no more, in the clear.
    DEFAULT(Transport.HTTP_1),
    /// Every setting of the hardening checklist, under TLS.
    HARDENED(Transport.TLS_HTTP_1);

    private final Transport transport;

    Posture(Transport transport) {
      this.transport = transport;
    }
  }

  static PackagedGate start(Posture posture) {
    try {
      return new PackagedGate(posture);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answer(Received request, Wire wire) throws Exception {
    wire.patience(UNUSED); // between two requests, while tests of something else run
    if (request.line().contains("/endless")) {
      wire.send(ScriptedUpstream.eventStream()).sendChunk("data: {}\n\n").awaitClose();
    }
    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n");
    wire.send("X-Kanarienvogel: " + LeakRecord.CANARY + "\r\n");
    wire.send("Set-Cookie: auth_token=; Max-Age=0\r\nSet-Cookie: __Host-auth_token=x\r\n\r\n{}");
  }

  /// The whole configuration.
  public String configuration() {
    String own = posture == Posture.HARDENED ? strict() : plain();
    return own
        + """
        routes:
          - {path: %1$s, upstream: '%2$s', protocol: json, identity-headers: {X-User-ID: sub}}
          - {path: '/api/files/*', upstream: '%2$s', protocol: raw, methods: [GET, DELETE]}
          - {path: %3$s, upstream: '%2$s/endless', protocol: json, on-token-expiry: close}
        """
            .formatted(RunningGatehouse.PATH, upstream.uri(), ENDLESS);
  }

  private String plain() {
    return """
    server: {listen: '127.0.0.1:0'}
    admin: {listen: '127.0.0.1:0'}
    auth: {issuer: '%s', audience: [agent-api]}
    """
        .formatted(issuer.issuer());
  }

  private String strict() {
    return """
    server:
      listen: 127.0.0.1:0
      public-origins: ['https://app.example.com']
      trusted-proxies: []
      %s
      max-header-size: 8KiB
      header-timeout: 5s
      body-timeout: 5s
      max-streams-per-user: 5
      rate-limit:
        per-user: {requests: %d, per: 1m}
        per-address: {requests: 100000, per: 1m}
    admin: {listen: '127.0.0.1:0'}
    cookie: {name: __Host-auth_token, encryption: {keys: [{id: a, key: %s}]}}
    auth:
      issuer: '%s'
      audience: [agent-api]
      algorithms: [RS256]
      token-types: [at+jwt]
      clock-skew: 1s
      required-claims: {tenant: acme}
      required-scopes: [chat]
    cross-site: {require-header: true}
    audit: {key: kanarienvogel-and-more}
    """
        .formatted(posture.transport.setting(), REQUESTS_PER_USER, KEY, issuer.issuer());
  }

  /// Runs the program once more, with any configuration.
  public Program run(String configuration) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "gate", ".yaml"), configuration);
    return Program.start(folder, "serve", "--config", file.toString());
  }

  /// Whether it has every setting that makes it stricter.
  public boolean hardened() {
    return posture == Posture.HARDENED;
  }

  /// The origin its pages have.
  public URI origin() {
    return hardened() ? URI.create("https://app.example.com") : gate;
  }

  /// Who issues its tokens.
  public TestIssuer issuer() {
    return issuer;
  }

  /// What it said.
  public Program program() {
    return program;
  }

  /// What it measured.
  public String metrics() {
    String text = Browser.at(admin).over(Transport.HTTP_1).get("/metrics").text();
    LeakRecord.keep(LeakRecord.Kind.METRICS, text);
    return text;
  }

  /// A user nobody was before.
  public String newUser() {
    return "user-" + users.incrementAndGet();
  }

  /// A token of a new user with all that any gate here wants.
  public String token() {
    return token(_ -> {});
  }

  /// The same with other claims.
  public String token(Consumer<JWTClaimsSet.Builder> change) {
    return issuer.token(claims -> change.accept(entitled(claims)));
  }

  private JWTClaimsSet.Builder entitled(JWTClaimsSet.Builder claims) {
    return claims.subject(newUser()).claim("tenant", "acme").claim("scope", "chat");
  }

  /// The claims of such a token as JSON, to be spoilt.
  public String claims() {
    return issuer.claims(this::entitled);
  }

  /// The value a token has in its cookie.
  public String value(String token) {
    return hardened() ? LeakRecord.secret(SEAL.seal(token).orElseThrow()) : token;
  }

  /// The cookie that holds a token.
  public String cookie(String token) {
    return cookieName() + "=" + value(token);
  }

  /// The cookie's name.
  public String cookieName() {
    return hardened() ? "__Host-auth_token" : "auth_token";
  }

  /// The head of a request that a new user's page sends, with further lines.
  public String head(String line, String... headers) {
    return headWith("Cookie: " + cookie(token()), line, headers);
  }

  /// The same with another line in place of the cookie's.
  public String headWith(String cookie, String line, String... headers) {
    return line
        + " HTTP/1.1\r\nHost: "
        + origin().getAuthority()
        + "\r\nSec-Fetch-Site: same-origin\r\nX-CSRF: 1\r\nX-Kanarienvogel: "
        + LeakRecord.CANARY
        + "\r\n"
        + (cookie.isEmpty() ? "" : cookie + "\r\n")
        + "Content-Type: application/json\r\n"
        + String.join("\r\n", headers)
        + (headers.length == 0 ? "" : "\r\n")
        + "\r\n";
  }

  /// A connection to it.
  public Wire wire() throws IOException {
    return posture.transport.wire(gate.getPort());
  }

  /// All it answers to these bytes, until it closes.
  public List<Reply> answers(String bytes) throws IOException {
    try (Wire wire = wire()) {
      return Replies.in(wire.send(bytes).readToEnd());
    }
  }

  /// This, for a test that is not to be told what reached the upstream in another.
  public PackagedGate forgetful() {
    looked = upstream.requests().size();
    return this;
  }

  /// All that reached the upstream since this was asked last. An honest request goes there first,
  /// and is left out: what was on its way before it has arrived then.
  public List<Received> reached() throws IOException {
    String user = newUser();
    String cookie = "Cookie: " + cookie(token(claims -> claims.subject(user)));
    String head =
        headWith(cookie, "POST " + RunningGatehouse.PATH, "Content-Length: 2", "Connection: close");
    assertEquals(List.of(200), answers(head + "{}").stream().map(Reply::status).toList());
    List<Received> all = upstream.requests();
    List<Received> fresh = all.subList(looked, all.size());
    looked = all.size();
    List<Received> others =
        fresh.stream()
            .filter(request -> !request.headers("X-User-ID").equals(List.of(user)))
            .toList();
    assertEquals(fresh.size() - 1, others.size(), "the honest request arrived once");
    return others;
  }

  @Override
  public String toString() {
    return posture.name();
  }

  @Override
  public void close() throws IOException {
    program.close();
    upstream.close();
    issuer.close();
  }
}
