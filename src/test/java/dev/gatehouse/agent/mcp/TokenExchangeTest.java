package dev.gatehouse.agent.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.agent.chat.Toolbox.Outcome;
import dev.gatehouse.agent.chat.Toolboxes;
import dev.gatehouse.testing.LogCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A token made for one server alone, and what happens if nobody makes it.
final class TokenExchangeTest {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String FAILED =
      "The authorization server did not issue a token for shop."
          + " Asked for were: orders:read, orders:write.";
  private final MockWebServer issuer = new MockWebServer();
  private final ScriptedTools server = new ScriptedTools();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @BeforeEach
  void start() throws IOException {
    issuer.start();
  }

  @AfterEach
  void stop() {
    issuer.close();
    server.close();
  }

  @Test
  void serverGetsTheTokenThatWasMadeForIt() throws Exception {
    issuer.enqueue(issued("made-for-the-shop", 600));
    server.on(
        "tools/call",
        asked ->
            ScriptedTools.result(asked, ScriptedTools.text(ScriptedTools.authorization(asked))));
    try (LogCapture log = LogCapture.everything();
        OpenToolbox box = OpenToolbox.of(shop())) {
      assertEquals(
          "Look (shop, scopes orders:read orders:write)",
          box.inventory().tools().getFirst().title());
      assertEquals(new Outcome(false, "Bearer …"), box.call("shop_look"));
      for (RecordedRequest request : server.requests()) {
        assertEquals("Bearer made-for-the-shop", request.getHeaders().get("Authorization"));
      }
      assertForm(issuer.takeRequest(), box.token());
      assertFalse(log.lines().toString().contains("made-for-the-shop"));
    }
  }

  private static void assertForm(RecordedRequest request, String subject) {
    assertEquals("POST", request.getMethod());
    // The body is encoded as a query is.
    HttpUrl form = HttpUrl.get("http://x/?" + Objects.requireNonNull(request.getBody()).utf8());
    assertEquals(
        "urn:ietf:params:oauth:grant-type:token-exchange", form.queryParameter("grant_type"));
    assertEquals(subject, form.queryParameter("subject_token"));
    assertEquals(ACCESS_TOKEN, form.queryParameter("subject_token_type"));
    assertEquals(ACCESS_TOKEN, form.queryParameter("requested_token_type"));
    assertEquals("https://shop.example.com", form.queryParameter("audience"));
    assertEquals("orders:read orders:write", form.queryParameter("scope"));
    assertEquals(6, form.querySize());
    String basic =
        Base64.getEncoder()
            .encodeToString("agent%3A1:s%2Fecret+".getBytes(StandardCharsets.US_ASCII));
    assertEquals("Basic " + basic, request.getHeaders().get("Authorization"));
  }

  @Test
  void tokenIsRememberedUntilShortlyBeforeItExpires() {
    issuer.enqueue(issued("first", 600));
    issuer.enqueue(issued("second", 600));
    Toolboxes toolboxes = McpToolboxes.of(List.of(shop()), now::get);
    String person = OpenToolbox.secret();
    look(toolboxes, person);
    now.set(Instant.EPOCH.plusSeconds(569));
    look(toolboxes, person);
    assertEquals(1, issuer.getRequestCount());
    now.set(Instant.EPOCH.plusSeconds(570));
    look(toolboxes, person);
    assertEquals(2, issuer.getRequestCount());
    assertEquals("Bearer second", lastAuthorization());
  }

  @Test
  void eachPersonHasAnother() {
    issuer.enqueue(issued("first", 600));
    issuer.enqueue(issued("second", 600));
    Toolboxes toolboxes = McpToolboxes.of(List.of(shop()), now::get);
    look(toolboxes, OpenToolbox.secret());
    assertEquals("Bearer first", lastAuthorization());
    look(toolboxes, OpenToolbox.secret());
    assertEquals("Bearer second", lastAuthorization());
  }

  @Test
  void whoAsksAtTheSameTimeWaitsForOneAnswer() throws Exception {
    issuer.enqueue(
        issued("one", 600).newBuilder().headersDelay(500, TimeUnit.MILLISECONDS).build());
    Toolboxes toolboxes = McpToolboxes.of(List.of(shop()), now::get);
    String person = OpenToolbox.secret();
    List<Future<?>> looks = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        looks.add(threads.submit(() -> look(toolboxes, person)));
      }
      for (Future<?> it : looks) {
        it.get(20, TimeUnit.SECONDS);
      }
    }
    assertEquals(1, issuer.getRequestCount());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"t\",\"token_type\":\"N_A\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}",
        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:id_token\"}",
        "{\"access_token\":\"t\\r\\nX:"
            + " y\",\"token_type\":\"Bearer\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}",
      })
  void answerThatIsNoAccessTokenIsAProblem(String answer) {
    issuer.enqueue(new MockResponse.Builder().body(answer).build());
    assertProblem(shop());
  }

  @Test
  void refusalIsAProblemAndItsReasonIsNotShown() {
    issuer.enqueue(
        new MockResponse.Builder().code(400).body("{\"error\":\"invalid_target\"}").build());
    assertProblem(shop());
  }

  @Test
  void redirectIsAProblem() {
    issuer.enqueue(
        new MockResponse.Builder()
            .code(307)
            .addHeader("Location", issuer.url("/elsewhere").toString())
            .build());
    assertProblem(shop());
    assertEquals(1, issuer.getRequestCount());
  }

  @Test
  void silenceIsAProblemInTime() {
    issuer.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    ToolServer shop = shop(Duration.ofSeconds(1));
    try (OpenToolbox box = OpenToolbox.of(shop)) {
      assertEquals(1, box.inventory().problems().size());
      assertTrue(server.requests().isEmpty());
    }
  }

  private void assertProblem(ToolServer shop) {
    try (LogCapture log = LogCapture.everything();
        OpenToolbox box = OpenToolbox.of(shop)) {
      assertEquals(List.of(FAILED), box.inventory().problems());
      assertTrue(server.requests().isEmpty());
      assertFalse(box.isIn(log.lines().toString()));
    }
  }

  private static void look(Toolboxes toolboxes, String person) {
    try (OpenToolbox box = OpenToolbox.of(toolboxes, person)) {
      assertEquals(List.of(), box.inventory().problems());
    }
  }

  private String lastAuthorization() {
    return server.requests().stream()
        .filter(request -> request.getMethod().equals("POST"))
        .reduce((_, last) -> last)
        .map(request -> request.getHeaders().get("Authorization"))
        .orElse("none");
  }

  private ToolServer shop() {
    return shop(Duration.ofSeconds(20));
  }

  private ToolServer shop(Duration timeout) {
    TokenUse exchange =
        new TokenUse.Exchange(
            issuer.url("/token").uri(),
            "agent:1",
            "s/ecret ",
            "https://shop.example.com",
            List.of("orders:read", "orders:write"));
    return new ToolServer("shop", server.uri(), exchange, timeout);
  }

  private static MockResponse issued(String token, int seconds) {
    return new MockResponse.Builder()
        .body(
            "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"issued_token_type\":\"%s\",\"expires_in\":%d}"
                .formatted(token, ACCESS_TOKEN, seconds))
        .build();
  }
}
