package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Pages of another origin, where one is allowed.
final class SharingTest {
  private static final String FRIEND = "https://friend.example";

  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate =
        RunningGatehouse.towards(upstream.uri())
            .with("cross-site: {allowed-origins: ['" + FRIEND + "']}")
            .route("protocol: json")
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  private static Browser from(String origin, Browser browser) {
    return browser.with("Sec-Fetch-Site", "cross-site").with("Origin", origin);
  }

  private static void assertReadable(Reply reply) {
    assertEquals(Optional.of(FRIEND), reply.header("Access-Control-Allow-Origin"));
    assertEquals(Optional.of("true"), reply.header("Access-Control-Allow-Credentials"));
    assertEquals(
        Optional.of("X-Request-Id, X-Gatehouse-Context"),
        reply.header("Access-Control-Expose-Headers"));
    assertEquals(Optional.of("Origin"), reply.header("Vary"));
  }

  @Test
  void preflightOfAnAllowedOriginIsAnsweredWithoutTheUpstream() {
    Reply reply =
        from(FRIEND, gate.stranger())
            .with("Access-Control-Request-Method", "POST")
            .with("Access-Control-Request-Headers", "content-type,x-page-context")
            .send("OPTIONS", PATH, null);
    assertEquals(204, reply.status());
    assertEquals(Optional.of(FRIEND), reply.header("Access-Control-Allow-Origin"));
    assertEquals(Optional.of("POST"), reply.header("Access-Control-Allow-Methods"));
    assertEquals(
        Optional.of("content-type,x-page-context"), reply.header("Access-Control-Allow-Headers"));
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void answerIsReadableForAnAllowedOrigin() {
    Reply reply = from(FRIEND, gate.browser()).post(PATH, "{}");
    assertEquals(200, reply.status());
    assertReadable(reply);
  }

  @Test
  void problemsAreReadableForAnAllowedOrigin() {
    assertReadable(
        from(FRIEND, gate.stranger())
            .post(PATH, "{}")
            .assertProblem(ProblemCode.NOT_AUTHENTICATED));
    assertReadable(
        from(FRIEND, gate.browser()).post(PATH, "[]").assertProblem(ProblemCode.MALFORMED_JSON));
    assertReadable(
        from(FRIEND, gate.browser()).get(PATH).assertProblem(ProblemCode.METHOD_NOT_ALLOWED));
  }

  @Test
  void otherOriginsAreToldNothing() {
    for (String origin :
        List.of(
            "https://evil.example",
            "https://friend.example.evil.example",
            "http://friend.example",
            "https://friend.example:444",
            "null")) {
      Reply call = from(origin, gate.browser()).post(PATH, "{}");
      call.assertProblem(ProblemCode.CROSS_SITE_REQUEST);
      assertEquals(Optional.empty(), call.header("Access-Control-Allow-Origin"));
      Reply preflight =
          from(origin, gate.stranger())
              .with("Access-Control-Request-Method", "POST")
              .send("OPTIONS", PATH, null);
      preflight.assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
      assertEquals(Optional.empty(), preflight.header("Access-Control-Allow-Origin"));
    }
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void withoutAllowedOriginsNobodyIsToldAnything() throws Exception {
    try (RunningGatehouse closed = RunningGatehouse.to(upstream)) {
      Reply reply = closed.browser().with("Origin", closed.uri().toString()).post(PATH, "{}");
      assertEquals(200, reply.status());
      assertEquals(Optional.empty(), reply.header("Access-Control-Allow-Origin"));
      assertEquals(Optional.empty(), reply.header("Vary"));
      from(FRIEND, closed.stranger())
          .with("Access-Control-Request-Method", "POST")
          .send("OPTIONS", PATH, null)
          .assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
    }
  }

  @Test
  void proxyHeadersAreContinuedBehindATrustedProxyOnly() throws Exception {
    try (RunningGatehouse behind =
        RunningGatehouse.towards(upstream.uri())
            .server("trusted-proxies: [127.0.0.0/8]", "public-origins: ['https://app.example']")
            .route("protocol: json")
            .start()) {
      behind
          .browser()
          .with("X-Forwarded-For", "192.0.2.1")
          .with("Forwarded", "for=192.0.2.1;proto=https")
          .with("X-Forwarded-Host", "evil.example")
          .with("X-Forwarded-Proto", "gopher")
          .post(PATH, "{}");
      var received = upstream.await();
      assertEquals(Optional.of("192.0.2.1, 127.0.0.1"), received.header("X-Forwarded-For"));
      assertEquals(
          Optional.of("for=192.0.2.1;proto=https, for=127.0.0.1;host=\"app.example\";proto=https"),
          received.header("Forwarded"));
      assertEquals(Optional.of("app.example"), received.header("X-Forwarded-Host"));
      assertEquals(Optional.of("https"), received.header("X-Forwarded-Proto"));
      behind.browser().with("X-Forwarded-For", "<script>").post(PATH, "{}");
      assertEquals(Optional.of("127.0.0.1"), upstream.await().header("X-Forwarded-For"));
    }
    try (RunningGatehouse other =
        RunningGatehouse.towards(upstream.uri())
            .server("trusted-proxies: [192.0.2.0/24]")
            .route("protocol: json")
            .start()) {
      other.browser().with("X-Forwarded-For", "192.0.2.1").post(PATH, "{}");
      assertEquals(Optional.of("127.0.0.1"), upstream.await().header("X-Forwarded-For"));
      assertTrue(upstream.requests().getLast().headers("Forwarded").size() == 1);
    }
  }
}
