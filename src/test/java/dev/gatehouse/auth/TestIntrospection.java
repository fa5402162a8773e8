package dev.gatehouse.auth;

import dev.gatehouse.config.AuthConfig;
import dev.gatehouse.config.IntrospectionConfig;
import dev.gatehouse.config.IntrospectionConfig.Authentication;
import dev.gatehouse.config.IssuerConfig;
import dev.gatehouse.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/// An identity provider whose tokens are opaque: it answers questions about them (RFC 7662).
public final class TestIntrospection implements AutoCloseable {
  static final String SECRET = "h&sh:%1";

  private final MockWebServer server = new MockWebServer();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<RecordedRequest> questions = new CopyOnWriteArrayList<>();
  private volatile Optional<MockResponse> instead = Optional.empty();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch searchedInVain = new CountDownLatch(1);
  private volatile boolean metadata = true;

  private TestIntrospection() {
    server.setDispatcher(new Endpoints());
    try {
      server.start(InetAddress.getLoopbackAddress(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static TestIntrospection start() {
    return new TestIntrospection();
  }

  public String issuer() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /// What is answered about a token; every other is inactive.
  public void know(String token, String answer) {
    answers.put(token, answer);
  }

  /// Answers everything so, or as usual.
  void insteadAnswer(Optional<MockResponse> response) {
    instead = response;
  }

  /// Ends the server, so that nobody answers any more.
  public void goDown() {
    server.close();
  }

  void showMetadata(boolean shown) {
    metadata = shown;
  }

  /// Waits until somebody looked for metadata in both places and found none.
  void awaitVainSearch() throws InterruptedException {
    searchedInVain.await();
  }

  /// Holds answers back from now on, until what this returns is counted down.
  CountDownLatch hold() {
    gate = new CountDownLatch(1);
    asked = new CountDownLatch(1);
    return gate;
  }

  void awaitQuestion() throws InterruptedException {
    asked.await();
  }

  List<RecordedRequest> questions() {
    return List.copyOf(questions);
  }

  AuthConfig.Introspection config(Duration cache, Authentication authentication) {
    return new AuthConfig.Introspection(
        IssuerConfig.of(issuer(), Set.of("agent-api")),
        new IntrospectionConfig(
            Optional.of(URI.create(issuer() + "/introspect")),
            "gate way",
            new Secret(SECRET),
            authentication,
            cache));
  }

  @Override
  public void close() {
    gate.countDown();
    server.close();
  }

  private final class Endpoints extends Dispatcher {

    @Override
    public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
      if (request.getTarget().contains("/.well-known/")) {
        String body =
            "{\"issuer\":\"%1$s\",\"introspection_endpoint\":\"%1$s/introspect\"}"
                .formatted(issuer());
        if (metadata) {
          return new MockResponse.Builder().body(body).build();
        }
        if (request.getTarget().contains("oauth")) {
          searchedInVain.countDown();
        }
        return new MockResponse.Builder().code(404).build();
      }
      CountDownLatch held = gate;
      questions.add(request);
      asked.countDown();
      held.await();
      return instead.orElseGet(() -> answer(request));
    }

    private MockResponse answer(RecordedRequest request) {
      String form = request.getBody() == null ? "" : request.getBody().utf8();
      String token = form.replaceFirst("^token=", "").replaceFirst("&.*$", "");
      return new MockResponse.Builder()
          .setHeader("Content-Type", "application/json")
          .body(answers.getOrDefault(token, "{\"active\":false}"))
          .build();
    }
  }
}
