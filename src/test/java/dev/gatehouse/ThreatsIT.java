package dev.gatehouse;

import static dev.gatehouse.testing.RunningGatehouse.PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatehouse.auth.TestIssuer;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.testing.Attacks;
import dev.gatehouse.testing.Await;
import dev.gatehouse.testing.PackagedGate;
import dev.gatehouse.testing.PackagedGates;
import dev.gatehouse.testing.Program;
import dev.gatehouse.testing.Received;
import dev.gatehouse.testing.Reply;
import dev.gatehouse.testing.Wire;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One test or more for every class of mistake that gates like this one were found to make, against
/// the packaged program as it comes and hardened. Requests that are read in two ways, and paths,
/// are in [SmugglingIT].
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(PackagedGates.class)
final class ThreatsIT {
  private static final String CANARY = "kanarienvogel";
  private static final String BODY = "Content-Length: 2";
  private static final String CLOSE = "Connection: close";

  private static final List<String> MALFORMED_COOKIES =
      List.of(
          "",
          "NAME",
          "NAME=",
          "=VALUE",
          "NAME =VALUE",
          "NAME==VALUE",
          "NAME=VALUE=",
          "NAME=\"VALUE\"",
          "NAME=VALUE.x",
          "NAME=VALUE,",
          "name=VALUE",
          "$Version=1; NAME=x",
          "NAME=VALUE; NAME=VALUE",
          "NAME=x; NAME=VALUE",
          "NAME=\u00e9",
          "NAME=...",
          "NAME=null",
          "NAME=%00",
          "x=NAME=VALUE");

  private final PackagedGate gate;

  ThreatsIT(PackagedGate gate) {
    this.gate = gate.forgetful();
  }

  private Reply only(String request) throws Exception {
    List<Reply> replies = gate.answers(request);
    assertEquals(1, replies.size(), "answers");
    return replies.getFirst();
  }

  private Reply postWith(String cookie, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of(BODY, CLOSE));
    return only(gate.headWith(cookie, "POST " + PATH, all.toArray(String[]::new)) + "{}");
  }

  private Reply post(String... headers) throws Exception {
    return postWith("Cookie: " + gate.cookie(gate.token()), headers);
  }

  private Received reachedOnce() throws Exception {
    List<Received> reached = gate.reached();
    assertEquals(1, reached.size(), "requests at the upstream");
    return reached.getFirst();
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#identitySpellings")
  void identityHeaderInAnySpellingIsReplaced(String spelling) throws Exception {
    String user = gate.newUser();
    String cookie = "Cookie: " + gate.cookie(gate.token(claims -> claims.subject(user)));
    assertEquals(
        200, postWith(cookie, spelling + ": mallory", spelling + ": mallory, root").status());
    Received received = reachedOnce();
    assertEquals(List.of(user), received.headers("X-User-ID"));
    assertFalse(received.head().contains("mallory"), received.head());
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#nominations")
  void headerNamedInConnectionStillArrives(String name) throws Exception {
    assertEquals(200, post("Connection: " + name).status());
    assertEquals(1, reachedOnce().headers(name).size());
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.testing.Attacks#overrides")
  void overrideSelectsNothing(String name) throws Exception {
    assertEquals(200, post(name + ": /livez").status());
    Received received = reachedOnce();
    assertEquals("POST /chatkit HTTP/1.1", received.line());
    assertEquals(Optional.empty(), received.header(name));
  }

  @Test
  void overrideReplacesNoToken() throws Exception {
    for (String value : List.of("GET", "/bff/user", "/livez", "mallory")) {
      String[] all =
          Attacks.overrides().stream().map(name -> name + ": " + value).toArray(String[]::new);
      assertEquals(401, postWith("", all).status());
    }
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void forwardedHeadersOfAnyoneAreNotBelieved() throws Exception {
    assertEquals(
        200,
        post(
                "X-Forwarded-For: 203.0.113.7",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: gopher",
                "X-Forwarded-Port: 1",
                "X-Real-IP: 203.0.113.7",
                "Forwarded: for=203.0.113.7;host=evil.example;proto=gopher")
            .status());
    Received received = reachedOnce();
    assertEquals(Optional.of("127.0.0.1"), received.header("X-Forwarded-For"));
    assertEquals(Optional.of(gate.origin().getAuthority()), received.header("X-Forwarded-Host"));
    assertEquals(Optional.of(gate.origin().getScheme()), received.header("X-Forwarded-Proto"));
    for (String forged : List.of("203.0.113.7", "evil.example", "gopher")) {
      assertFalse(received.head().contains(forged), received.head());
    }
  }

  @Test
  void monitorNeedsATokenLikeAnyone() throws Exception {
    for (String agent : Attacks.monitors()) {
      assertEquals(401, postWith("", "User-Agent: " + agent).status(), agent);
    }
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void whatOperatorsLookAtIsNotPublic() throws Exception {
    for (String path : List.of("/livez", "/readyz", "/metrics", "/healthz", "/ping")) {
      String agent = "User-Agent: " + Attacks.monitors().getFirst();
      assertEquals(404, only(gate.headWith("", "GET " + path, agent, CLOSE)).status(), path);
    }
  }

  @Test
  void everySettingThatRestrictsDoesRestrict() throws Exception {
    Map<String, Integer> statuses = new LinkedHashMap<>();
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (Wrong wrong : wrongs()) {
      statuses.put(wrong.name(), postWith(wrong.cookie()).status());
      expected.put(wrong.name(), wrong.status());
    }
    assertEquals(expected, statuses);
    assertEquals(List.of(), gate.reached());
  }

  /// A cookie that only one setting turns away.
  private record Wrong(String name, int status, String cookie) {}

  private List<Wrong> wrongs() {
    List<Wrong> wrongs = new ArrayList<>();
    wrongs.add(wrong("issuer", 401, gate.token(c -> c.issuer("https://other.example"))));
    wrongs.add(wrong("audience", 401, gate.token(c -> c.audience("other"))));
    wrongs.add(wrong("expiry", 401, gate.token(c -> c.expirationTime(Date.from(Instant.EPOCH)))));
    wrongs.add(new Wrong("cookie.name", 401, "Cookie: other=" + gate.value(gate.token())));
    if (gate.hardened()) {
      wrongs.add(wrong("required-claims", 403, gate.token(c -> c.claim("tenant", "other"))));
      wrongs.add(wrong("required-scopes", 403, gate.token(c -> c.claim("scope", "read"))));
      String header = gate.issuer().header().replace("at+jwt", "JWT");
      wrongs.add(wrong("token-types", 401, gate.issuer().sign(header, gate.claims())));
      wrongs.add(wrong("algorithms", 401, ecToken()));
      wrongs.add(new Wrong("encryption", 401, "Cookie: " + gate.cookieName() + "=" + gate.token()));
      wrongs.add(new Wrong("plain name", 401, "Cookie: auth_token=" + gate.value(gate.token())));
    }
    return wrongs;
  }

  private Wrong wrong(String name, int status, String token) {
    return new Wrong(name, status, "Cookie: " + gate.cookie(token));
  }

  /// A token signed with a key that is in the key set, by an algorithm that is not in the list.
  private String ecToken() {
    gate.issuer().publish(TestIssuer.ecKey("ec"));
    String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"ec\"}";
    return TestIssuer.sign(TestIssuer.ecKey("ec"), JWSAlgorithm.ES256, header, gate.claims());
  }

  @Test
  void ratesAndTheHeaderOfEveryPageAreAskedForWhereTheyAreSet() throws Exception {
    String cookie = "Cookie: " + gate.cookie(gate.token());
    String head = gate.headWith(cookie, "POST " + PATH, BODY, CLOSE);
    int without = only(head.replace("X-CSRF: 1\r\n", "") + "{}").status();
    assertEquals(gate.hardened() ? 403 : 200, without);
    int last = 200;
    for (int i = 0; i <= PackagedGate.REQUESTS_PER_USER; i++) {
      last = only(head + "{}").status();
    }
    assertEquals(gate.hardened() ? 429 : 200, last);
  }

  @Test
  void settingThatNobodyKnowsStopsTheStart() throws Exception {
    String configuration = gate.configuration().replace("audience:", "audiense:");
    try (Program program = gate.run(configuration)) {
      assertEquals(2, program.exitCode());
      String said = String.join("\n", program.err());
      assertTrue(said.contains("audiense"), said);
      assertTrue(said.contains("did you mean"), said);
    }
  }

  @Test
  void originThatOnlyLooksLikeOursIsAnother() throws Exception {
    URI own = gate.origin();
    String host = own.getHost();
    String port = own.getPort() < 0 ? "" : ":" + own.getPort();
    for (String origin :
        List.of(
            "null",
            own + ".attacker.example",
            own + "/",
            own + ":1",
            own + "@attacker.example",
            own + ", " + own,
            own.getScheme() + "://x" + host + port,
            own.getScheme() + "://x." + host + port,
            own.getScheme() + "://" + host + "." + port,
            own.getScheme() + "://user@" + host + port,
            (gate.hardened() ? "http" : "https") + "://" + host + port,
            "https://attacker.example/" + own,
            "https://attacker.example#" + own)) {
      assertEquals(403, fromOrigin(origin).status(), origin);
    }
    assertEquals(List.of(), gate.reached());
    assertEquals(200, fromOrigin(own.toString()).status());
  }

  private Reply fromOrigin(String origin) throws Exception {
    String head = gate.head("POST " + PATH, BODY, CLOSE, "Origin: " + origin);
    return only(head.replace("Sec-Fetch-Site: same-origin\r\n", "") + "{}");
  }

  @Test
  void cookieThatWasSpoiltSignsNobodyIn() throws Exception {
    Random random = new Random(7);
    String value = gate.value(gate.token());
    for (int i = 0; i < 40; i++) {
      String spoilt = spoilt(value, random);
      Reply reply = postWith("Cookie: " + gate.cookieName() + "=" + spoilt);
      assertTrue(reply.status() == 400 || reply.status() == 401, () -> reply.status() + spoilt);
    }
    assertEquals(List.of(), gate.reached());
  }

  /// The same with one character lost, doubled, or another. The last one of a part holds bits that
  /// mean nothing, so it stays.
  private static String spoilt(String value, Random random) {
    int at = random.nextInt(value.length() - 8);
    char other = (char) (' ' + random.nextInt('~' - ' '));
    String rest = value.substring(at + 1);
    return value.substring(0, at)
        + switch (random.nextInt(3)) {
          case 0 -> rest;
          case 1 -> value.charAt(at) + "" + value.charAt(at) + rest;
          default -> (other == value.charAt(at) ? '!' : other) + rest;
        };
  }

  @Test
  void malformedCookieSignsNobodyIn() throws Exception {
    for (String cookie : MALFORMED_COOKIES) {
      String line = cookie.replace("NAME", gate.cookieName()).replace("name", "AUTH_TOKEN");
      int status = postWith("Cookie: " + line.replace("VALUE", gate.value(gate.token()))).status();
      assertTrue(status == 400 || status == 401, () -> status + " for " + cookie);
    }
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void quotedCookieSwallowsNoOther() throws Exception {
    String cookie = gate.cookie(gate.token());
    assertEquals(400, postWith("Cookie: a=\"; " + cookie + "; b=\"").status());
    assertEquals(List.of(), gate.reached());
    assertEquals(200, postWith("Cookie: a=\"b; " + cookie).status());
    assertEquals(1, gate.reached().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"4102444800\"", "1e400", "-1", "null", "true", "[4102444800]", "{}", "1.5"})
  void expiryOfAnotherTypeIsNoExpiry(String exp) throws Exception {
    String claims =
        gate.claims().replaceAll("\"exp\":[0-9]+", exp.isEmpty() ? "\"x\":1" : "\"exp\":" + exp);
    String token = gate.issuer().sign(gate.issuer().header(), claims);
    assertEquals(401, postWith("Cookie: " + gate.cookie(token)).status());
    assertEquals(List.of(), gate.reached());
  }

  @Test
  void noAnswerSetsACookieThatALogoutWouldHaveToFind() throws Exception {
    String user = gate.headWith("Cookie: " + gate.cookie(gate.token()), "GET /bff/user", CLOSE);
    for (Reply reply : List.of(post(), postWith(""), only(user))) {
      assertEquals(List.of(), reply.headers("Set-Cookie"));
      assertEquals(Optional.empty(), reply.header("Clear-Site-Data"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "/%5cevil.example",
        "///evil.example",
        "//evil.example/%2e%2e",
        "/%2f%2fevil.example",
        "/?rd=//evil.example",
        "/bff/user?rd=https://evil.example",
        "/https://evil.example",
        "/.evil.example",
        "/@evil.example"
      })
  void noTargetLeadsElsewhere(String target) throws Exception {
    Reply reply = only(gate.headWith("", "GET " + target, CLOSE));
    assertFalse(reply.status() / 100 == 3, () -> reply.status() + " for " + target);
    assertEquals(Optional.empty(), reply.header("Location"));
  }

  @Test
  void secretsAreNeitherLoggedNorMeasuredNorRepeated() throws Exception {
    String token = gate.token(claims -> claims.claim("name", CANARY).claim("email", CANARY));
    String[] loaded = {
      "User-Agent: " + CANARY,
      "Authorization: Bearer " + CANARY,
      "X-Request-Id: " + CANARY,
      CLOSE,
      BODY
    };
    String cookie = "Cookie: " + CANARY + "=" + CANARY + "; " + gate.cookie(token);
    List<Reply> replies = new ArrayList<>();
    for (String line :
        List.of("POST " + PATH + "?" + CANARY, "POST /" + CANARY, "GET " + PATH + "?" + CANARY)) {
      replies.addAll(gate.answers(gate.headWith(cookie, line, loaded) + "{}"));
    }
    String spoilt = cookie + CANARY;
    replies.addAll(gate.answers(gate.headWith(spoilt, "POST " + PATH, loaded) + "{}"));
    assertEquals(List.of(200, 404, 405, 401), replies.stream().map(Reply::status).toList());
    StringBuilder seen = new StringBuilder(gate.metrics());
    for (Reply reply : replies) {
      String id = reply.header("X-Request-Id").orElseThrow();
      Await.that(
          "the line of " + id, () -> gate.program().err().stream().anyMatch(l -> l.contains(id)));
      seen.append(reply.text());
    }
    gate.program().err().forEach(seen::append);
    assertTrue(seen.indexOf("\"route\":\"" + PATH + "\"") > 0, "even the route is not there");
    List<String> secrets = new ArrayList<>(List.of(CANARY));
    secrets.addAll(List.of(token.split("\\.")).subList(1, 3));
    secrets.addAll(List.of(gate.value(token).split("\\.+")).subList(1, 3));
    for (String secret : secrets) {
      assertEquals(-1, seen.indexOf(secret), secret);
    }
  }

  @Test
  void streamEndsWithItsToken() throws Exception {
    Instant end = Instant.now().plusMillis(1_500);
    String token = gate.token(claims -> claims.expirationTime(Date.from(end)));
    String cookie = "Cookie: " + gate.cookie(token);
    try (Wire wire = gate.wire()) {
      wire.send(gate.headWith(cookie, "POST " + PackagedGate.ENDLESS, BODY) + "{}");
      assertTrue(wire.readHead().startsWith("HTTP/1.1 200 "));
      String stream = new String(wire.readToEnd(), StandardCharsets.UTF_8);
      assertTrue(stream.contains("data: {}\n\n"), stream);
      assertFalse(stream.endsWith("0\r\n\r\n"), stream);
    }
  }

  @Test
  void nothingIsAnsweredWithoutAToken() throws Exception {
    for (String line :
        List.of(
            "POST " + PATH,
            "GET /api/files/a",
            "DELETE /api/files/a",
            "POST " + PackagedGate.ENDLESS)) {
      List<Reply> replies = gate.answers(gate.headWith("", line) + Attacks.PROBE);
      replies.getFirst().assertProblem(ProblemCode.NOT_AUTHENTICATED);
    }
    assertEquals(List.of(), gate.reached());
  }
}
