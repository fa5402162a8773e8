package dev.gatehouse.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.testing.Certificates;
import dev.gatehouse.testing.LeakRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;

/// An identity provider on a loopback port: metadata, a key set that can change and fail, and
/// tokens signed with the newest key. Tokens carry what the gate wants unless a test says
/// otherwise.
public final class TestIssuer implements AutoCloseable {
  /// The `aud` of the tokens.
  public static final String AUDIENCE = "agent-api";

  private static final Map<String, JWK> GENERATED = new ConcurrentHashMap<>();

  private final MockWebServer server = new MockWebServer();
  private final InstantSource clock;
  private final String scheme;
  private final List<JWK> published = new CopyOnWriteArrayList<>();
  private final AtomicInteger jwksFetches = new AtomicInteger();
  private final AtomicInteger otherRequests = new AtomicInteger();
  private volatile CountDownLatch slow = new CountDownLatch(1);
  private volatile CountDownLatch asked = new CountDownLatch(1);
  private volatile Answer answer = Answer.KEYS;
  private volatile String jwks = "";
  private final List<String> metadataRequests = new CopyOnWriteArrayList<>();
  private volatile String claimedIssuer = "";
  private volatile String claimedKeys = "";
  private volatile boolean openIdMetadata = true;
  private volatile JWK signer;
  private int keyNumber;

  private TestIssuer(InstantSource clock, String scheme) {
    this.clock = clock;
    this.scheme = scheme;
    this.signer = rsaKey("key-0");
    published.add(signer);
    server.setDispatcher(new Endpoints());
  }

  private TestIssuer started() {
    try {
      server.start(InetAddress.getLoopbackAddress(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.claimedIssuer = issuer();
    this.claimedKeys = jwksUri().toString();
    return this;
  }

  /// How the key set endpoint behaves.
  public enum Answer {
    /// The published keys.
    KEYS,
    /// Whatever was given to [TestIssuer#serve].
    TEXT,
    /// 200 with a body of no bytes.
    EMPTY,
    /// 500.
    FAILURE,
    /// 503, and to be asked again at once.
    BUSY,
    /// 503, and to be asked again after more seconds than an `int` holds.
    BUSY_FOR_EVER,
    /// No answer until [TestIssuer#release].
    SLOW,
    /// Half the announced body, then the connection closes.
    TRUNCATED,
    /// The keys, followed by 10 MB of white space.
    HUGE,
    /// 302 to a path that serves the keys.
    REDIRECT,
    /// The connection closes without an answer.
    UNREACHABLE
  }

  /// An issuer whose tokens are dated by the system clock.
  public static TestIssuer start() {
    return start(InstantSource.system());
  }

  /// An issuer that is spoken with over TLS, by whoever has the same certificates.
  public static TestIssuer overTls(Certificates certificates) {
    TestIssuer issuer = new TestIssuer(InstantSource.system(), "https");
    issuer.server.useHttps(certificates.shown().sslSocketFactory());
    issuer.server.requireClientAuth();
    return issuer.started();
  }

  /// An issuer whose tokens are dated by this clock.
  public static TestIssuer start(InstantSource clock) {
    return new TestIssuer(clock, "http").started();
  }

  /// An RSA key with this `kid`, made once per test run.
  public static JWK rsaKey(String kid) {
    return GENERATED.computeIfAbsent(
        kid,
        _ ->
            generated(
                () -> new RSAKeyGenerator(2048).keyID(kid).keyUse(KeyUse.SIGNATURE).generate()));
  }

  /// A P-256 key with this `kid`, made once per test run.
  public static JWK ecKey(String kid) {
    return GENERATED.computeIfAbsent(
        kid,
        _ ->
            generated(() ->
                new ECKeyGenerator(Curve.P_256).keyID(kid).keyUse(KeyUse.SIGNATURE).generate()));
  }

  /// The issuer's URL, without a trailing slash.
  public String issuer() {
    return scheme + "://127.0.0.1:" + server.getPort();
  }

  /// Where the key set is.
  public URI jwksUri() {
    return URI.create(issuer() + "/jwks");
  }

  /// The settings of a gate that trusts this issuer and is told where its keys are.
  public IssuerConfig config() {
    return new IssuerConfig(
        issuer(),
        Set.of(AUDIENCE),
        Optional.of(jwksUri()),
        Set.of("RS256", "PS256", "ES256"),
        Set.of("at+jwt", "JWT", "none"),
        Duration.ofSeconds(30),
        Map.of(),
        List.of(),
        Map.of("id", "sub", "name", "name", "email", "email"));
  }

  /// A token for this subject, good for ten minutes.
  public String tokenFor(String subject) {
    return token(claims -> claims.subject(subject));
  }

  /// A token whose claims were changed from the defaults; a claim set to null is left out.
  public String token(Consumer<JWTClaimsSet.Builder> change) {
    return sign(header(), claims(change));
  }

  /// The header a token normally has, as JSON.
  public String header() {
    return header(algorithm().getName(), signer.getKeyID());
  }

  /// The claims a token normally has, changed, as JSON.
  public String claims(Consumer<JWTClaimsSet.Builder> change) {
    Instant now = clock.instant();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .audience(AUDIENCE)
            .subject("user-1")
            .claim("name", "Test User")
            .claim("email", "user@example.com")
            .claim("canary", LeakRecord.CANARY)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofMinutes(10))));
    change.accept(claims);
    return claims.build().toString();
  }

  /// A token of exactly this header and these claims, signed with the newest key by the algorithm
  /// the key is for, whatever the header says.
  public String sign(String header, String claims) {
    return sign(signer, algorithm(), header, claims);
  }

  /// A token of exactly this header and these claims, signed with any key.
  public static String sign(JWK key, JWSAlgorithm algorithm, String header, String claims) {
    String input = Base64URL.encode(header) + "." + Base64URL.encode(claims);
    JWSHeader signing = new JWSHeader(algorithm);
    try {
      String token =
          input
              + "."
              + new DefaultJWSSignerFactory()
                  .createJWSSigner(key, algorithm)
                  .sign(signing, input.getBytes(StandardCharsets.US_ASCII));
      LeakRecord.keep(LeakRecord.Kind.SECRET, token);
      return token;
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Publishes a new key beside the old ones and signs with it from now on.
  ///
  /// @return its `kid`
  public String rotate() {
    keyNumber++;
    return signWith(rsaKey("key-" + keyNumber));
  }

  /// Publishes this key and signs with it from now on.
  ///
  /// @return its `kid`
  public String signWith(JWK key) {
    publish(key);
    signer = key;
    return key.getKeyID();
  }

  /// Publishes one more key.
  public void publish(JWK key) {
    published.add(key);
  }

  /// Takes a key out of the key set.
  public void remove(String kid) {
    published.removeIf(key -> kid.equals(key.getKeyID()));
  }

  /// The key that signs.
  public JWK signer() {
    return signer;
  }

  /// Changes how the key set endpoint behaves.
  public void answer(Answer next) {
    answer = next;
  }

  /// Serves this text as the key set.
  public void serve(String text) {
    jwks = text;
    answer = Answer.TEXT;
  }

  /// Lets the metadata name another issuer.
  public void claimToBe(String issuer) {
    claimedIssuer = issuer;
  }

  /// Lets the metadata send readers elsewhere for the keys.
  public void claimKeysAt(String address) {
    claimedKeys = address;
  }

  /// Serves metadata at the OAuth address (RFC 8414) only.
  public void hideOpenIdMetadata() {
    openIdMetadata = false;
  }

  /// Lets requests that hang in [Answer#SLOW] go on, with the keys.
  public void release() {
    slow.countDown();
    slow = new CountDownLatch(1);
  }

  /// From now on, [#awaitFetch] waits for the next request for the key set.
  public void expectFetch() {
    asked = new CountDownLatch(1);
  }

  /// Waits until the key set was asked for after [#expectFetch].
  public void awaitFetch() throws InterruptedException {
    asked.await();
  }

  /// How often the key set was asked for.
  public int jwksFetches() {
    return jwksFetches.get();
  }

  /// The paths at which metadata was asked for, in order.
  public List<String> metadataRequests() {
    return List.copyOf(metadataRequests);
  }

  /// How often anything but the key set and the metadata was asked for.
  public int otherRequests() {
    return otherRequests.get();
  }

  @Override
  public void close() {
    slow.countDown();
    server.close();
  }

  private static String header(String algorithm, String kid) {
    return "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}".formatted(algorithm, kid);
  }

  private JWSAlgorithm algorithm() {
    return signer.toPublicJWK().getKeyType().getValue().equals("EC")
        ? JWSAlgorithm.ES256
        : JWSAlgorithm.RS256;
  }

  private static JWK generated(KeySource source) {
    try {
      return source.generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface KeySource {
    JWK generate() throws JOSEException;
  }

  private final class Endpoints extends Dispatcher {

    @Override
    public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
      String target = request.getTarget();
      if (target.contains("/.well-known/")) {
        metadataRequests.add(target);
        boolean hidden = target.endsWith("/openid-configuration") && !openIdMetadata;
        return hidden ? new MockResponse.Builder().code(404).build() : metadata();
      }
      if (target.equals("/jwks")) {
        return keySet();
      }
      otherRequests.incrementAndGet();
      return json(publishedKeys());
    }

    private MockResponse keySet() throws InterruptedException {
      // Taken before the test is told, because the test may release at once.
      CountDownLatch released = slow;
      jwksFetches.incrementAndGet();
      asked.countDown();
      String keys = publishedKeys();
      return switch (answer) {
        case KEYS -> json(keys);
        case TEXT -> json(jwks);
        case EMPTY -> json("");
        case FAILURE -> new MockResponse.Builder().code(500).build();
        case BUSY -> busy("0");
        case BUSY_FOR_EVER -> busy("99999999999");
        case SLOW -> {
          released.await();
          yield json(publishedKeys());
        }
        case TRUNCATED -> truncated(keys);
        case HUGE -> json(keys + " ".repeat(10_000_000));
        case REDIRECT ->
            new MockResponse.Builder().code(302).setHeader("Location", issuer() + "/moved").build();
        case UNREACHABLE ->
            new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
      };
    }

    private MockResponse busy(String seconds) {
      return new MockResponse.Builder().code(503).setHeader("Retry-After", seconds).build();
    }

    private MockResponse metadata() {
      return json("{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(claimedIssuer, claimedKeys));
    }

    private MockResponse truncated(String keys) {
      return json(keys)
          .newBuilder()
          .setHeader("Content-Length", keys.length() * 2)
          .onResponseEnd(new SocketEffect.CloseSocket())
          .build();
    }

    private MockResponse json(String body) {
      return new MockResponse.Builder()
          .setHeader("Content-Type", "application/json")
          .body(body)
          .build();
    }

    private String publishedKeys() {
      return published.stream()
          .map(key ->
              key.toPublicJWK() == null ? key.toJSONString() : key.toPublicJWK().toJSONString())
          .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }
  }
}
