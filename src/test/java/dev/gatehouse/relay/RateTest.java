package dev.gatehouse.relay;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Browser;
import dev.gatehouse.testing.LogCapture;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.RunningGatehouse;
import dev.gatehouse.testing.ScriptedUpstream;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RateTest {
  private static final String TWO = "requests: 2, per: 1h";
  private static final String BEHIND_A_PROXY = "trusted-proxies: [127.0.0.1, 10.0.0.0/8]";

  private final ScriptedUpstream upstream = ScriptedUpstream.answering("application/json", "{}");
  private Optional<RunningGatehouse> running = Optional.empty();

  @AfterEach
  void stop() throws Exception {
    running.ifPresent(RunningGatehouse::close);
    upstream.close();
  }

  private RunningGatehouse gate(String rates, String... server) throws Exception {
    RunningGatehouse gate =
        RunningGatehouse.towards(upstream.uri())
            .server("rate-limit: {" + rates + "}", String.join("\n  ", server))
            .start();
    running = Optional.of(gate);
    return gate;
  }

  private static Reply assertLimited(Reply reply) {
    reply.assertProblem(ProblemCode.RATE_LIMITED);
    assertWait(reply, 1_700, 1_800);
    return reply;
  }

  private static void assertWait(Reply reply, int least, int most) {
    int seconds = reply.header("Retry-After").map(Integer::parseInt).orElseThrow();
    assertTrue(seconds >= least && seconds <= most, () -> seconds + " seconds");
  }

  @Test
  void userWhoAsksTooOftenIsToldToWait() throws Exception {
    RunningGatehouse gate = gate("per-user: {" + TWO + "}");
    for (int i = 0; i < 2; i++) {
      Reply reply = gate.browser().post(PATH, "{}");
      assertEquals(200, reply.status());
      assertEquals(Optional.empty(), reply.header("RateLimit"));
      assertEquals(Optional.empty(), reply.header("RateLimit-Policy"));
    }
    Reply reply = assertLimited(gate.browser().post(PATH, "{}"));
    assertEquals(Optional.of("\"per-user\";q=2;w=3600"), reply.header("RateLimit-Policy"));
    String wait = reply.header("Retry-After").orElseThrow();
    assertEquals(Optional.of("\"per-user\";r=0;t=" + wait), reply.header("RateLimit"));
    assertEquals(2, upstream.requests().size());
    gate.awaitMetric("gatehouse_rejections_total{reason=\"rate-limited\"} 1.0");
  }

  @Test
  void usersDoNotTakeFromEachOther() throws Exception {
    RunningGatehouse gate = gate("per-user: {requests: 1, per: 1h}");
    for (String user : new String[] {"user-1", "user-2"}) {
      Browser browser = gate.stranger().signedInWith(gate.issuer().tokenFor(user));
      assertEquals(200, browser.post(PATH, "{}").status());
      browser.post(PATH, "{}").assertProblem(ProblemCode.RATE_LIMITED);
    }
  }

  @Test
  void anotherTokenOfTheSameUserChangesNothing() throws Exception {
    RunningGatehouse gate = gate("per-user: {requests: 1, per: 1h}");
    assertEquals(200, gate.browser().post(PATH, "{}").status());
    String other = gate.issuer().token(claims -> claims.subject("user-1").claim("scope", "other"));
    Reply reply = gate.stranger().signedInWith(other).post(PATH, "{}");
    reply.assertProblem(ProblemCode.RATE_LIMITED);
  }

  @Test
  void bucketFillsUpAgain() throws Exception {
    RunningGatehouse gate = gate("per-user: {requests: 1, per: 5s}");
    long deadline = System.nanoTime() + 20_000_000_000L;
    assertEquals(200, gate.browser().post(PATH, "{}").status());
    int limited = 0;
    Reply reply = gate.browser().post(PATH, "{}");
    while (reply.status() == 429 && System.nanoTime() < deadline) {
      assertWait(reply, 1, 5);
      limited++;
      reply = gate.browser().post(PATH, "{}");
    }
    assertEquals(200, reply.status());
    assertTrue(limited > 0, "nothing was limited");
  }

  @Test
  void manyForgedTokensFromOneAddressAreNotEvenLookedAt() throws Exception {
    RunningGatehouse gate = gate("per-address: {" + TWO + "}");
    for (int i = 0; i < 2; i++) {
      forged(gate, i).post(PATH, "{}").assertProblem(ProblemCode.INVALID_TOKEN);
    }
    for (int i = 2; i < 5; i++) {
      assertLimited(forged(gate, i).post(PATH, "{}"));
    }
    assertLimited(gate.stranger().with("Cookie", "auth_token=a; auth_token=b").post(PATH, "{}"));
    assertLimited(gate.browser().post(PATH, "{}"));
    assertLimited(gate.browser().get("/bff/user"));
  }

  private static Browser forged(RunningGatehouse gate, int i) {
    String token = gate.issuer().tokenFor("user-" + i);
    return gate.stranger().signedInWith(token.substring(0, token.length() - 8) + "AAAAAAAA");
  }

  @Test
  void limitOfAnAddressComesAfterTheCrossSiteGuardAndBeforeTheCookie() throws Exception {
    RunningGatehouse gate = gate("per-address: {requests: 1, per: 1h}");
    Browser foreign = gate.stranger().with("Sec-Fetch-Site", "cross-site");
    foreign.post(PATH, "{}").assertProblem(ProblemCode.CROSS_SITE_REQUEST);
    gate.stranger().post(PATH, "{}").assertProblem(ProblemCode.NOT_AUTHENTICATED);
    gate.stranger().post(PATH, "{}").assertProblem(ProblemCode.RATE_LIMITED);
    foreign.post(PATH, "{}").assertProblem(ProblemCode.CROSS_SITE_REQUEST);
  }

  @Test
  void whatTheGateServesToPagesIsNotLimitedButForTheUser() throws Exception {
    RunningGatehouse gate = gate("per-address: {requests: 1, per: 1h}");
    for (int i = 0; i < 3; i++) {
      assertEquals(200, gate.browser().get("/bff/client.js").status());
    }
    assertEquals(200, gate.browser().get("/bff/user").status());
    gate.browser().get("/bff/user").assertProblem(ProblemCode.RATE_LIMITED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"})
  void addressThatAStrangerClaimsHasNoEffect(String header) throws Exception {
    RunningGatehouse gate = gate("per-address: {" + TWO + "}");
    for (int i = 0; i < 2; i++) {
      assertEquals(200, claiming(gate, header, "192.0.2." + i).status());
    }
    assertLimited(claiming(gate, header, "192.0.2.9"));
  }

  private static Reply claiming(RunningGatehouse gate, String header, String address) {
    String value = header.equals("Forwarded") ? "for=" + address : address;
    return gate.browser().with(header, value).post(PATH, "{}");
  }

  /// In each line the first header uses up all there is for an address.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1                   | 192.0.2.1                     | same",
        "192.0.2.1                   | 192.0.2.2                     | other",
        "192.0.2.1:4711              | 192.0.2.1                     | same",
        "6.6.6.6, 192.0.2.1          | 7.7.7.7, 192.0.2.1            | same",
        "192.0.2.1, 10.1.2.3         | 192.0.2.1, 10.9.9.9           | same",
        "192.0.2.1, 10.1.2.3         | 192.0.2.2, 10.1.2.3           | other",
        "6.6.6.6, 192.0.2.1, 10.1.1.1| 192.0.2.1                     | same",
        "2001:db8:1:2::1             | 2001:db8:1:2:3:4:5:6          | same",
        "2001:db8:1:2::1             | [2001:db8:1:2::9]:443         | same",
        "2001:db8:1:2::1             | 2001:db8:1:3::1               | other",
        "::ffff:192.0.2.1            | 192.0.2.1                     | same",
        "unknown                     | _hidden                       | same",
        "192.0.2.1, unknown          | 192.0.2.2, 999.1.1.1          | same",
        "192.0.2.1, nonsense         | 192.0.2.2, 127.0.0.1          | other",
      })
  void trustedProxyIsBelievedAsFarAsTrustReaches(String first, String second, String bucket)
      throws Exception {
    RunningGatehouse gate = gate("per-address: {requests: 1, per: 1h}", BEHIND_A_PROXY);
    Browser browser = gate.browser();
    assertEquals(200, browser.with("X-Forwarded-For", first).post(PATH, "{}").status());
    assertEquals(
        bucket.equals("same") ? 429 : 200,
        browser.with("X-Forwarded-For", second).post(PATH, "{}").status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "for=192.0.2.1;proto=https        | FOR=\"192.0.2.1:80\"               | same",
        "for=192.0.2.1                    | for=192.0.2.2                    | other",
        "for=6.6.6.6, for=192.0.2.1       | for=7.7.7.7,by=x;for=192.0.2.1   | same",
        "for=\"[2001:db8:1:2::1]:80\"       | for=\"[2001:db8:1:2::2]\"          | same",
        "for=\"[2001:db8:1:2::1]\"          | for=\"[2001:db8:1:3::1]\"          | other",
        "for=\"6.6.6.6, for=192.0.2.1       | for=192.0.2.1                    | same",
        "for=unknown                      | proto=https                      | same",
        "for=192.0.2.1;for=192.0.2.2      | for=_x                           | same",
      })
  void forwardedIsReadAsWell(String first, String second, String bucket) throws Exception {
    RunningGatehouse gate = gate("per-address: {requests: 1, per: 1h}", BEHIND_A_PROXY);
    Browser browser = gate.browser();
    assertEquals(200, browser.with("Forwarded", first).post(PATH, "{}").status());
    assertEquals(
        bucket.equals("same") ? 429 : 200,
        browser.with("Forwarded", second).post(PATH, "{}").status());
  }

  @Test
  void whereTwoHeadersDisagreeNeitherIsBelieved() throws Exception {
    RunningGatehouse gate = gate("per-address: {requests: 1, per: 1h}", BEHIND_A_PROXY);
    Browser one = gate.browser().with("X-Forwarded-For", "192.0.2.1");
    assertEquals(200, one.with("Forwarded", "for=6.6.6.6").post(PATH, "{}").status());
    one.with("Forwarded", "for=7.7.7.7").post(PATH, "{}").assertProblem(ProblemCode.RATE_LIMITED);
    assertEquals(200, one.with("Forwarded", "for=192.0.2.1").post(PATH, "{}").status());
  }

  @Test
  void ordinaryChatMeetsNoLimitByDefault() throws Exception {
    running = Optional.of(RunningGatehouse.to(upstream));
    for (int i = 0; i < 200; i++) {
      assertEquals(200, running.get().browser().post(PATH, "{}").status());
    }
  }

  @Test
  void nobodyIsNamedInTheLog() throws Exception {
    RunningGatehouse gate = gate("per-address: {requests: 1, per: 1h}", BEHIND_A_PROXY);
    try (LogCapture log = LogCapture.everything()) {
      Browser browser = gate.browser().with("X-Forwarded-For", "192.0.2.77");
      browser.post(PATH, "{}");
      browser.post(PATH, "{}").assertProblem(ProblemCode.RATE_LIMITED);
      log.next();
      assertEquals("rate-limited", log.next().get("problem"));
      log.lines().forEach(line -> assertFalse(line.contains("192.0.2.77"), line));
    }
  }
}
