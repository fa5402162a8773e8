package dev.gatehouse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.FormBody;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignInServletTest {
  private final DemoSite site;

  SignInServletTest() throws Exception {
    site = new DemoSite();
  }

  @AfterEach
  void stop() throws Exception {
    site.stop();
  }

  @Test
  void formOffersBothDemoUsersWithoutScriptsOrInlineStyles() throws IOException {
    DemoSite.Answer page = site.send(site.request("/demo/sign-in"));
    assertEquals(200, page.status());
    assertEquals("text/html;charset=utf-8", page.header("Content-Type"));
    assertEquals("no-store", page.header("Cache-Control"));
    assertTrue(page.body().contains("value=\"demo-reader\" checked"), page.body());
    assertTrue(page.body().contains("value=\"demo-editor\">"), page.body());
    assertTrue(page.body().contains("Demo Editor"));
    assertFalse(page.body().contains("<script"));
    assertFalse(page.body().contains("<style"));
    assertFalse(page.body().contains("style="));
    assertFalse(page.body().contains("{{"), "every placeholder is filled");
    assertTrue(page.body().contains("href=\"/demo/sign-in.css\""));
  }

  @Test
  void styleIsServedFromItsOwnFile() throws IOException {
    DemoSite.Answer css = site.send(site.request("/demo/sign-in.css"));
    assertEquals(200, css.status());
    assertEquals("text/css;charset=utf-8", css.header("Content-Type"));
    assertEquals("no-store", css.header("Cache-Control"));
    assertTrue(css.body().contains("prefers-color-scheme: dark"));
  }

  @Test
  void headHasNoBody() throws IOException {
    DemoSite.Answer page = site.send(site.request("/demo/sign-in").head());
    assertEquals(200, page.status());
    assertEquals("", page.body());
  }

  @Test
  void signingInSetsAVerifiableCookieAndGoesHome() throws Exception {
    DemoSite.Answer answer =
        site.send(site.sameOrigin("/demo/sign-in").post(DemoSite.form("user", "demo-editor")));
    assertEquals(303, answer.status());
    assertEquals("/", answer.header("Location"));
    assertEquals("no-store", answer.header("Cache-Control"));
    assertEquals("", answer.body());
    Attributes cookie = Attributes.of(answer.header("Set-Cookie"));
    assertEquals(
        List.of("HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Strict"), cookie.attributes());
    assertTrue(cookie.pair().startsWith("auth_token="));
    SignedJWT token = SignedJWT.parse(cookie.pair().substring("auth_token=".length()));
    assertEquals("demo-editor", token.getJWTClaimsSet().getSubject());
  }

  @Test
  void cookieIsSecureOverHttps() throws IOException {
    DemoSite.Answer answer =
        site.send(
            site.secureRequest("/demo/sign-in")
                .header("Sec-Fetch-Site", "same-origin")
                .post(DemoSite.form("user", "demo-reader")));
    Attributes cookie = Attributes.of(answer.header("Set-Cookie"));
    assertEquals(
        List.of("HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Strict", "Secure"),
        cookie.attributes());
  }

  @Test
  void signingOutClearsTheCookieWithTheSameAttributes() throws IOException {
    DemoSite.Answer answer =
        site.send(site.sameOrigin("/demo/sign-out").post(DemoSite.form("return", "/article")));
    assertEquals(303, answer.status());
    assertEquals("/article", answer.header("Location"));
    assertEquals("no-store", answer.header("Cache-Control"));
    Attributes cookie = Attributes.of(answer.header("Set-Cookie"));
    assertEquals("auth_token=", cookie.pair().replace("\"", ""));
    assertEquals(
        List.of("Expires=Thu, 01 Jan 1970 00:00:00 GMT", "HttpOnly", "Path=/", "SameSite=Strict"),
        cookie.attributes());
  }

  @Test
  void unknownUserIsTurnedAway() throws IOException {
    for (FormBody form :
        List.of(
            DemoSite.form("user", "root"), DemoSite.form("user", ""), DemoSite.form("x", "y"))) {
      DemoSite.Answer answer = site.send(site.sameOrigin("/demo/sign-in").post(form));
      assertEquals(400, answer.status());
      assertEquals("", answer.header("Set-Cookie"));
      assertFalse(answer.body().contains("root"));
    }
  }

  @Test
  void originThatIsTheHostIsEnoughForOldBrowsers() throws IOException {
    Request.Builder request =
        site.request("/demo/sign-in")
            .header("Origin", "http://" + site.host())
            .post(DemoSite.form("user", "demo-reader"));
    assertEquals(303, site.send(request).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "none", "", "same-origin, cross-site"})
  void otherFetchSiteIsTurnedAwayWhateverTheOrigin(String fetchSite) throws IOException {
    for (String path : List.of("/demo/sign-in", "/demo/sign-out")) {
      Request.Builder request =
          site.request(path)
              .header("Sec-Fetch-Site", fetchSite)
              .header("Origin", "http://" + site.host())
              .post(DemoSite.form("user", "demo-reader"));
      assertForbidden(site.send(request));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "http://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://%h.evil.example",
        "http://x%h",
        "http://%h/",
        "ftp://%h",
        "%h",
        "",
      })
  void otherOriginIsTurnedAway(String origin) throws IOException {
    String value = origin.replace("%h", site.host());
    Request.Builder request =
        site.request("/demo/sign-in")
            .header("Origin", value)
            .post(DemoSite.form("user", "demo-reader"));
    assertForbidden(site.send(request));
  }

  @Test
  void formWithoutAnyOriginIsTurnedAway() throws IOException {
    assertForbidden(
        site.send(site.request("/demo/sign-in").post(DemoSite.form("user", "demo-reader"))));
    assertForbidden(site.send(site.request("/demo/sign-out").post(DemoSite.form("x", "y"))));
  }

  @Test
  void twoFetchSitesAreTurnedAway() throws IOException {
    Request.Builder request =
        site.sameOrigin("/demo/sign-in")
            .addHeader("Sec-Fetch-Site", "same-origin")
            .post(DemoSite.form("user", "demo-reader"));
    assertForbidden(site.send(request));
  }

  @Test
  void otherPagesAreNotFound() throws IOException {
    for (String path : List.of("/demo/", "/demo/sign-out", "/demo/sign-in/x", "/demo/other")) {
      assertEquals(404, site.send(site.request(path)).status(), path);
    }
    assertEquals(
        404, site.send(site.sameOrigin("/demo/other").post(DemoSite.form("x", "y"))).status());
  }

  @Test
  void otherMethodsAreTurnedAway() throws IOException {
    DemoSite.Answer answer =
        site.send(site.sameOrigin("/demo/sign-in").put(DemoSite.form("user", "demo-reader")));
    assertEquals(405, answer.status());
    assertEquals("GET, HEAD, POST", answer.header("Allow"));
    assertEquals("no-store", answer.header("Cache-Control"));
  }

  private static void assertForbidden(DemoSite.Answer answer) {
    assertEquals(403, answer.status());
    assertEquals("", answer.header("Set-Cookie"));
    assertEquals("no-store", answer.header("Cache-Control"));
  }

  /// A `Set-Cookie` header, its attributes sorted, without an expiry that only repeats `Max-Age`.
  private record Attributes(String pair, List<String> attributes) {

    static Attributes of(String header) {
      List<String> parts = Stream.of(header.split("; ?", -1)).toList();
      List<String> attributes =
          parts.stream()
              .skip(1)
              .filter(part -> !part.startsWith("Expires=") || part.contains("1970"))
              .sorted()
              .toList();
      return new Attributes(parts.getFirst(), attributes);
    }
  }
}
