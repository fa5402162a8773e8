package dev.gatehouse.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.auth.ProbeServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCookieTest {
  private static final String OURS = "auth_token=aa.bb.cc";

  private static ProbeServer server;

  @BeforeAll
  static void start() throws Exception {
    SessionCookie cookie = new SessionCookie("auth_token");
    server =
        ProbeServer.running((request, _) -> TokenForm.COMPACT_JWS.checked(cookie.read(request)));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void oneCookieIsRead() throws Exception {
    assertRead("Cookie: " + OURS);
  }

  @Test
  void cookieIsFoundAmongOthers() throws Exception {
    assertRead("Cookie: a=1; " + OURS + "; b=2");
    assertRead("Cookie: a=1;" + OURS);
    assertRead("Cookie: a=1", "Cookie: " + OURS);
  }

  @Test
  void noCookieIsNotAuthenticated() throws Exception {
    assertNotAuthenticated();
    assertNotAuthenticated("Cookie: a=1");
    assertNotAuthenticated("Cookie:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Auth_Token=aa.bb.cc",
        "xauth_token=aa.bb.cc",
        "auth_token2=aa.bb.cc",
        "auth_token =aa.bb.cc",
        "auth_token",
        "=auth_token=aa.bb.cc",
        "a=auth_token=aa.bb.cc",
        "a=1, auth_token=aa.bb.cc",
        "$auth_token=aa.bb.cc",
        "auth%5Ftoken=aa.bb.cc"
      })
  void otherNamesAreNotOurs(String cookie) throws Exception {
    assertNotAuthenticated("Cookie: " + cookie);
  }

  @Test
  void authorizationHeaderIsNoSubstitute() throws Exception {
    assertNotAuthenticated("Authorization: Bearer aa.bb.cc");
  }

  @Test
  void twoCookiesAreAmbiguous() throws Exception {
    assertAmbiguous("Cookie: auth_token=aa.bb.cc; auth_token=dd.ee.ff");
    assertAmbiguous("Cookie: auth_token=; a=1; auth_token=dd.ee.ff");
  }

  @Test
  void twoEqualCookiesAreAmbiguous() throws Exception {
    assertAmbiguous("Cookie: " + OURS + "; " + OURS);
  }

  @Test
  void twoCookiesInTwoHeadersAreAmbiguous() throws Exception {
    assertAmbiguous("Cookie: " + OURS, "Cookie: " + OURS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "aa.bb",
        "aa.bb.cc.dd",
        "aa.bb.cc.dd.ee",
        "aa.bb.",
        ".bb.cc",
        "aa..cc",
        "aa.bb.cc=",
        "aa.bb.c+c",
        "aa.bb.c/c",
        "aa.bb.c c",
        "\"aa.bb.cc\"",
        "\"aa.bb.cc",
        "aa.bb.cc\"",
        "aa.bb.cc,",
        "Bearer aa.bb.cc",
        "%61a.bb.cc",
        "{\"payload\":\"aa\"}",
        "aa.bb.cé"
      })
  void valueThatIsNoCompactJwsIsRefused(String value) throws Exception {
    Answer answer = server.send("GET /", "Cookie: a=1; auth_token=" + value + "; b=2");
    assertEquals("invalid-token", answer.body());
    assertEquals(401, answer.status());
  }

  @Test
  void nameAndValueMayHave4096BytesTogether() throws Exception {
    String longest = "aa.bb." + "c".repeat(4096 - "auth_token".length() - 6);
    assertEquals(longest, server.send("GET /", "Cookie: auth_token=" + longest).body());
    assertEquals(
        "invalid-token", server.send("GET /", "Cookie: auth_token=" + longest + "c").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "broken",
        "=",
        "==;=",
        "a=\"unclosed",
        "a=b c",
        "a={\"json\":1}",
        "a=\"quoted\"",
        "a=\"unclosed; b=\"quoted\"",
        "a=é",
        ";;;",
        "a=\"x\\\"y\""
      })
  void malformedCookiesOfOthersDoNotBreakOurs(String other) throws Exception {
    assertRead("Cookie: " + other + "; " + OURS);
    assertRead("Cookie: " + OURS + "; " + other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=\"x; auth_token=aa.bb.cc; y\"",
        "a=\"x; auth_token=aa.bb.cc\"",
        "a=\"; auth_token=aa.bb.cc; \"",
        "a=\"x\\\"; auth_token=aa.bb.cc; y\"",
        "a=\"x; b=1; auth_token=aa.bb.cc; c=2; y\"; d=3",
        "a=\"x; auth_token=aa.bb.cc; y\"; auth_token=dd.ee.ff",
        "a=\"x; auth_token=aa.bb.cc; b=\"y\"",
        "y\"a=\"x; auth_token=aa.bb.cc; z\"",
        "a=\"y\"=; a=\"b; auth_token=aa.bb.cc; c=\"d\""
      })
  void nameInsideAQuotedValueSignsNobodyIn(String cookies) throws Exception {
    assertAmbiguous("Cookie: " + cookies);
  }

  @Test
  void nameInsideAQuotedValueAcrossHeadersSignsNobodyIn() throws Exception {
    assertAmbiguous("Cookie: a=\"x", "Cookie: " + OURS, "Cookie: y\"");
  }

  private static void assertRead(String... headers) throws Exception {
    Answer answer = server.send("GET /", headers);
    assertEquals("aa.bb.cc", answer.body());
    assertEquals(200, answer.status());
  }

  private static void assertNotAuthenticated(String... headers) throws Exception {
    Answer answer = server.send("GET /", headers);
    assertEquals("not-authenticated", answer.body());
    assertEquals(401, answer.status());
    assertTrue(answer.headers().contains("WWW-Authenticate: Bearer"));
  }

  private static void assertAmbiguous(String... headers) throws Exception {
    Answer answer = server.send("GET /", headers);
    assertEquals("ambiguous-cookie", answer.body());
    assertEquals(400, answer.status());
  }
}
