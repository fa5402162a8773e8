package dev.gatehouse.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserServletTest {
  private static final String PATH = "/bff/user";
  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private RunningGatehouse gate;

  @BeforeEach
  void start() throws Exception {
    gate = RunningGatehouse.to(upstream);
  }

  @AfterEach
  void stop() throws Exception {
    gate.close();
    upstream.close();
  }

  private static void assertNobody(Reply reply) {
    assertEquals(200, reply.status());
    assertEquals("{\"authenticated\":false}", reply.text());
    assertEquals(Optional.of("no-store"), reply.header("Cache-Control"));
    assertEquals(Optional.of("application/json"), reply.header("Content-Type"));
  }

  @Test
  void pageLearnsWhoIsSignedInAndUntilWhen() {
    Instant expiry =
        Instant.ofEpochSecond(Instant.now().plus(Duration.ofHours(1)).getEpochSecond());
    String token = gate.issuer().token(claims -> claims.expirationTime(Date.from(expiry)));
    Reply reply = gate.stranger().signedInWith(token).get(PATH);
    assertEquals(200, reply.status());
    assertEquals(
        "{\"authenticated\":true,\"id\":\"user-1\",\"name\":\"Test User\","
            + "\"email\":\"user@example.com\",\"expiresAt\":\""
            + expiry
            + "\"}",
        reply.text());
    assertEquals(Optional.of("no-store"), reply.header("Cache-Control"));
    assertEquals(Optional.of("nosniff"), reply.header("X-Content-Type-Options"));
    assertFalse(reply.text().contains(token));
  }

  @Test
  void nobodyIsSignedInWithoutCookie() {
    assertNobody(gate.stranger().get(PATH));
  }

  @Test
  void nobodyIsSignedInWithAnExpiredToken() {
    String token =
        gate.issuer()
            .token(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600))));
    assertNobody(gate.stranger().signedInWith(token).get(PATH));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth_token=x", "auth_token=e30.e30.AAAA", "auth_token=a; auth_token=b"})
  void nobodyIsSignedInWithARefusedCookie(String cookie) {
    assertNobody(gate.stranger().with("Cookie", cookie).get(PATH));
  }

  @Test
  void bearerHeaderSignsNobodyIn() {
    Browser other =
        gate.stranger().with("Authorization", "Bearer " + gate.issuer().tokenFor("user-1"));
    assertNobody(other.get(PATH));
  }

  @Test
  void withoutKeysNobodyCanTell() throws Exception {
    TestIssuer issuer = TestIssuer.start();
    issuer.answer(TestIssuer.Answer.FAILURE);
    try (RunningGatehouse blind = RunningGatehouse.towards(upstream.uri()).startWith(issuer)) {
      Reply reply = blind.browser().get(PATH).assertProblem(ProblemCode.KEYS_UNAVAILABLE);
      assertTrue(reply.header("Retry-After").isPresent());
      assertNobody(blind.stranger().get(PATH));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "TRACE", "PATCH"})
  void itCanOnlyBeRead(String method) {
    Reply reply =
        gate.browser()
            .with("X-Canary", "canary")
            .send(
                method,
                PATH,
                method.startsWith("P") ? okhttp3.RequestBody.create(new byte[0]) : null);
    reply.assertProblem(ProblemCode.METHOD_NOT_ALLOWED);
    assertEquals(Optional.of("GET, HEAD"), reply.header("Allow"));
    assertFalse(reply.text().contains("canary"));
  }

  @Test
  void headHasNoBody() {
    Reply reply = gate.browser().send("HEAD", PATH, null);
    assertEquals(200, reply.status());
    assertEquals("", reply.text());
  }
}
