package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A request that is wrong in several ways is told the first of them, and none reaches the
/// upstream.
final class CheckOrderTest {
  private static final RequestBody WRONG_TYPE = body("text/plain", 10);
  private static final RequestBody WRONG_TYPE_TOO_LARGE = body("text/plain", 2_000);
  private static final RequestBody TOO_LARGE = body("application/json", 2_000);
  private static final RequestBody MALFORMED = body("application/json", 10);

  private final Semaphore finish = new Semaphore(0);
  private final ScriptedUpstream upstream =
      ScriptedUpstream.running((_, wire) -> {
        wire.send(ScriptedUpstream.eventStream()).sendChunk("data: 1\n\n");
        finish.acquire();
        wire.sendLastChunk();
      });
  private RunningGatehouse gate;

  private static RequestBody body(String type, int size) {
    return RequestBody.create(
        "x".repeat(size).getBytes(StandardCharsets.UTF_8), MediaType.get(type));
  }

  @BeforeEach
  void start() throws Exception {
    gate =
        RunningGatehouse.towards(upstream.uri())
            .server("max-streams-per-user: 1", "max-streams: 2")
            .route("protocol: json", "max-body-size: 1KiB")
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    finish.release(100);
    gate.close();
    upstream.close();
  }

  private Browser wrongInEveryHeader() {
    return gate.stranger()
        .with("Sec-Fetch-Site", "cross-site")
        .with("Cookie", "auth_token=a; auth_token=b")
        .with("X-Page-Context", "!");
  }

  @Test
  void routeComesBeforeMethod() {
    wrongInEveryHeader()
        .send("DELETE", "/nowhere", WRONG_TYPE_TOO_LARGE)
        .assertProblem(ProblemCode.NOT_FOUND);
    wrongInEveryHeader()
        .send("DELETE", PATH + "/below", WRONG_TYPE_TOO_LARGE)
        .assertProblem(ProblemCode.NOT_FOUND);
  }

  @Test
  void methodComesBeforeTheCrossSiteGuard() {
    for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")) {
      RequestBody body = method.equals("TRACE") ? null : WRONG_TYPE_TOO_LARGE;
      Reply reply = wrongInEveryHeader().send(method, PATH, body);
      reply.assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
      assertEquals(Optional.of("POST"), reply.header("Allow"));
    }
    assertEquals(Optional.of("POST"), wrongInEveryHeader().get(PATH).header("Allow"));
  }

  @Test
  void crossSiteGuardComesBeforeTheCookie() {
    wrongInEveryHeader()
        .post(PATH, WRONG_TYPE_TOO_LARGE)
        .assertProblem(ProblemCode.CROSS_SITE_REQUEST);
  }

  @Test
  void cookieComesBeforeTheBody() {
    Browser local = wrongInEveryHeader().with("Sec-Fetch-Site", "same-origin").with("X-CSRF", "1");
    local.post(PATH, WRONG_TYPE_TOO_LARGE).assertProblem(ProblemCode.AMBIGUOUS_COOKIE);
    Reply none = local.without("Cookie").post(PATH, WRONG_TYPE_TOO_LARGE);
    none.assertProblem(ProblemCode.NOT_AUTHENTICATED);
    assertEquals(Optional.of("Bearer"), none.header("WWW-Authenticate"));
  }

  @Test
  void tokenComesBeforeLimitsAndBody() throws Exception {
    Browser local = gate.stranger().with("X-CSRF", "1");
    String expired =
        gate.issuer()
            .token(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600))));
    try (Response held = gate.browser().open(PATH, "{}")) {
      assertEquals(200, held.code());
      Reply late = local.signedInWith(expired).post(PATH, WRONG_TYPE_TOO_LARGE);
      late.assertProblem(ProblemCode.TOKEN_EXPIRED);
      assertTrue(late.header("WWW-Authenticate").orElseThrow().startsWith("Bearer"));
      local
          .signedInWith("e30.e30.AAAA")
          .post(PATH, WRONG_TYPE_TOO_LARGE)
          .assertProblem(ProblemCode.INVALID_TOKEN);
      finish.release();
    }
  }

  @Test
  void limitOfTheUserComesBeforeTheBody() throws Exception {
    try (Response held = gate.browser().open(PATH, "{}")) {
      assertEquals(200, held.code());
      Reply reply = gate.browser().with("X-CSRF", "1").post(PATH, WRONG_TYPE_TOO_LARGE);
      reply.assertProblem(ProblemCode.TOO_MANY_STREAMS);
      assertTrue(reply.header("Retry-After").isPresent());
      finish.release();
    }
    assertEquals(1, upstream.requests().size());
  }

  @Test
  void limitForAllComesBeforeTheBody() throws Exception {
    try (Response first = gate.browser().open(PATH, "{}");
        Response second = as("user-2").open(PATH, "{}")) {
      assertEquals(200, first.code());
      assertEquals(200, second.code());
      Reply reply = as("user-3").with("X-CSRF", "1").post(PATH, WRONG_TYPE_TOO_LARGE);
      reply.assertProblem(ProblemCode.OVERLOADED);
      assertTrue(reply.header("Retry-After").isPresent());
      finish.release(2);
    }
  }

  private Browser as(String user) {
    return gate.stranger().signedInWith(gate.issuer().tokenFor(user));
  }

  @Test
  void typeComesBeforeSizeAndSizeBeforeSyntax() {
    Browser local = gate.browser().with("X-CSRF", "1").with("X-Page-Context", "!");
    local.post(PATH, WRONG_TYPE_TOO_LARGE).assertProblem(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    local.post(PATH, WRONG_TYPE).assertProblem(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    local.post(PATH, TOO_LARGE).assertProblem(ProblemCode.BODY_TOO_LARGE);
    local.post(PATH, MALFORMED).assertProblem(ProblemCode.MALFORMED_PAGE_CONTEXT);
    local.without("X-Page-Context").post(PATH, MALFORMED).assertProblem(ProblemCode.MALFORMED_JSON);
    assertEquals(List.of(), upstream.requests());
  }

  @Test
  void refusedRequestsGiveTheirPlacesBack() {
    Browser local = gate.browser().with("X-CSRF", "1");
    finish.release(10);
    for (int i = 0; i < 3; i++) {
      local.post(PATH, WRONG_TYPE).assertProblem(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
      local.post(PATH, MALFORMED).assertProblem(ProblemCode.MALFORMED_JSON);
      assertEquals("data: 1\n\n", local.post(PATH, "{}").text());
    }
  }

  @Test
  void limitThatTurnedRequestsAwayGivesTheirPlacesBack() throws Exception {
    try (Response held = gate.browser().open(PATH, "{}")) {
      assertEquals(200, held.code());
      for (int i = 0; i < 3; i++) {
        gate.browser().post(PATH, "{}").assertProblem(ProblemCode.TOO_MANY_STREAMS);
      }
      finish.release();
      assertEquals("data: 1\n\n", held.body().string());
    }
    finish.release();
    assertEquals(200, awaitPlace().status());
  }

  /// The place is free once the servlet is done, which the client may learn a moment earlier.
  private Reply awaitPlace() {
    Reply reply = gate.browser().post(PATH, "{}");
    for (int i = 0; i < 1_000 && reply.status() == 429; i++) {
      reply = gate.browser().post(PATH, "{}");
    }
    return reply;
  }
}
