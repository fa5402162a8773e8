package dev.gatehouse.agent.mcp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.gatehouse.agent.chat.BearerToken;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Has a token made of a person's token, for one tool server alone (RFC 8693). What was issued is
/// remembered by hash until shortly before it expires; who asks for what is being asked for waits
/// for that answer.
final class TokenExchange {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int REMEMBERED = 2_000;
  private static final int MOST_BYTES = 64 * 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TokenUse.Exchange settings;
  private final InstantSource clock;
  private final OkHttpClient http;
  private final ConcurrentMap<String, FutureTask<Issued>> asking = new ConcurrentHashMap<>();
  private final Cache<String, Issued> issued =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED)
          .expireAfter(Expiry.<String, Issued>creating((_, token) -> token.lifetime()))
          .build();

  /// @param timeout for one whole answer of the token endpoint
  TokenExchange(TokenUse.Exchange settings, Duration timeout, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.http =
        new OkHttpClient.Builder()
            .callTimeout(timeout)
            .followRedirects(false)
            .followSslRedirects(false)
            .build();
  }

  /// @throws ToolFailure if the token endpoint does not issue one
  BearerToken exchanged(BearerToken subject) throws ToolFailure, InterruptedException {
    String key = hash(subject);
    Issued known = issued.getIfPresent(key);
    return known != null && clock.instant().isBefore(known.until())
        ? known.token()
        : answer(key, subject).token();
  }

  /// On a thread of its own, because others may wait for it when whoever asked first has left.
  private Issued answer(String key, BearerToken subject) throws ToolFailure, InterruptedException {
    FutureTask<Issued> mine = new FutureTask<>(() -> ask(key, subject));
    FutureTask<Issued> first = asking.putIfAbsent(key, mine);
    if (first == null) {
      Thread.ofVirtual().name("token-exchange").start(() -> run(key, mine));
    }
    try {
      return (first == null ? mine : first).get();
    } catch (ExecutionException e) {
      throw ToolFailure.of(ToolFailure.Kind.NO_TOKEN);
    }
  }

  private void run(String key, FutureTask<Issued> task) {
    try {
      task.run();
    } finally {
      asking.remove(key, task);
    }
  }

  private Issued ask(String key, BearerToken subject) throws IOException {
    try (Response response = http.newCall(request(subject)).execute()) {
      if (response.code() != 200) {
        throw new IOException("no token was issued");
      }
      Issued token = checked(JSON.readTree(response.peekBody(MOST_BYTES).bytes()));
      if (token.lifetime().isPositive()) {
        issued.put(key, token);
      }
      return token;
    } catch (JacksonException e) {
      throw new IOException("the answer is not JSON", e);
    }
  }

  private Request request(BearerToken subject) {
    FormBody.Builder form =
        new FormBody.Builder()
            .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
            .add("subject_token", subject.value())
            .add("subject_token_type", ACCESS_TOKEN)
            .add("requested_token_type", ACCESS_TOKEN)
            .add("audience", settings.audience());
    if (!settings.scopes().isEmpty()) {
      form.add("scope", String.join(" ", settings.scopes()));
    }
    return new Request.Builder()
        .url(settings.tokenEndpoint().toString())
        .header("Accept", "application/json")
        .header("Authorization", basic())
        .post(form.build())
        .build();
  }

  /// Both are form-encoded first (RFC 6749, 2.3.1).
  private String basic() {
    return okhttp3.Credentials.basic(
        encoded(settings.clientId()), encoded(settings.clientSecret()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Issued checked(JsonNode answer) throws IOException {
    String token = answer.path("access_token").asString("");
    if (!TOKEN.matcher(token).matches()
        || !answer.path("token_type").asString("").equalsIgnoreCase("Bearer")
        || !answer.path("issued_token_type").asString("").equals(ACCESS_TOKEN)) {
      throw new IOException("the answer is not an access token");
    }
    // One that does not say how long it lives is for now, and not remembered.
    long seconds = Math.min(answer.path("expires_in").asLong(0), LONGEST.toSeconds());
    Duration lifetime = Duration.ofSeconds(seconds).minus(MARGIN);
    return new Issued(new BearerToken(token), clock.instant().plus(lifetime), lifetime);
  }

  private static String hash(BearerToken token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha256.digest(token.value().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /// @param lifetime how long it may be used from the moment it came, not positive if but once
  private record Issued(BearerToken token, Instant until, Duration lifetime) {}
}
