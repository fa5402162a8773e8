package dev.gatehouse.auth;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.IntrospectionConfig;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.FormBody;
import okhttp3.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks an issuer about one token (RFC 7662), at an address that was configured or is in its
/// metadata.
final class IntrospectionEndpoint implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);
  private static final Logger log = LoggerFactory.getLogger(IntrospectionEndpoint.class);

  private final IntrospectionConfig config;
  private final IssuerHttp http;
  private final IssuerMetadata metadata;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<URI> address;

  /// @param timeout for one whole answer, from connecting to its last byte
  IntrospectionEndpoint(AuthConfig.Introspection auth, Duration timeout) {
    this.config = auth.introspection();
    this.http = new IssuerHttp(timeout);
    this.metadata = new IssuerMetadata(auth.issuer().issuer(), http);
    this.address = config.endpoint();
  }

  /// Looks for the address in the background, if it was not configured.
  void find() {
    if (config.endpoint().isEmpty()) {
      Thread.ofVirtual().name("introspection-endpoint").start(this::keepFound);
    }
  }

  /// Whether there is somebody to ask.
  boolean known() {
    return address.isPresent();
  }

  /// What the issuer says about a token that is active; nothing if it is not.
  ///
  /// @throws IssuerException if it does not say
  Optional<ObjectNode> ask(String token) throws IssuerException {
    URI to = address.orElseThrow(() -> new IssuerException(RefreshResult.UNREACHABLE));
    ObjectNode answer =
        StrictJson.object(IssuerHttp.body(http.send(request(to, token))))
            .orElseThrow(() -> new IssuerException(RefreshResult.MALFORMED));
    JsonNode active = answer.path("active");
    if (!active.isBoolean()) {
      throw new IssuerException(RefreshResult.MALFORMED);
    }
    return active.booleanValue() ? Optional.of(answer) : Optional.empty();
  }

  @Override
  public void close() {
    closed.countDown();
    http.close();
  }

  private Request request(URI to, String token) throws IssuerException {
    FormBody.Builder form =
        new FormBody.Builder().add("token", token).add("token_type_hint", "access_token");
    String secret = config.clientSecret().reveal();
    Request.Builder request = IssuerHttp.request(to);
    switch (config.authentication()) {
      case CLIENT_SECRET_BASIC -> request.header("Authorization", basic(config.clientId(), secret));
      case CLIENT_SECRET_POST ->
          form.add("client_id", config.clientId()).add("client_secret", secret);
    }
    return request.post(form.build()).build();
  }

  // Both are form-encoded first (RFC 6749, 2.3.1).
  private static String basic(String id, String secret) {
    String pair = encoded(id) + ":" + encoded(secret);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void keepFound() {
    int failures = 0;
    try {
      do {
        failures = found() ? 0 : failures + 1;
      } while (!closed.await(pauseAfter(failures).toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration pauseAfter(int failures) {
    return failures == 0 ? LOOK_AGAIN : SigningKeys.pauseAfter(failures, false);
  }

  private boolean found() {
    try {
      address = Optional.of(metadata.address("introspection_endpoint"));
      return true;
    } catch (IssuerException e) {
      if (closed.getCount() > 0) {
        log.warn("the issuer's introspection endpoint was not found: {}", e.result().text());
      }
      return false;
    }
  }
}
