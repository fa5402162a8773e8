package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a `Referer` tells of the page, and when it is believed.
class RefererTest {
  private static final List<Origin> OWN =
      List.of(
          new Origin("https", "app.example.com", 443),
          new Origin("http", "127.0.0.1", 8080),
          new Origin("http", "[::1]", 8080));

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "https://app.example.com/a/b?c=d https://app.example.com/a/b?c=d /a/b",
        "https://app.example.com https://app.example.com/ /",
        "https://app.example.com/ https://app.example.com/ /",
        "https://app.example.com?q https://app.example.com/?q /",
        "https://app.example.com/?q=/x?y https://app.example.com/?q=/x?y /",
        "https://app.example.com:443/a https://app.example.com/a /a",
        "https://app.example.com:/a https://app.example.com/a /a",
        "HTTPS://App.Example.COM/A https://app.example.com/A /A",
        "http://127.0.0.1:8080/x http://127.0.0.1:8080/x /x",
        "http://[::1]:8080/x http://[::1]:8080/x /x",
        "https://app.example.com/%C3%A4%2F/..;p=1 https://app.example.com/%C3%A4%2F/..;p=1"
            + " /%C3%A4%2F/..;p=1",
        "https://app.example.com/a|b?c={d}^[e] https://app.example.com/a|b?c={d}^[e] /a|b"
      })
  void ownPageIsTold(String referer, String url, String path) {
    assertEquals(json(url, path), text(referer, 1024).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example.com/a#secret, https://app.example.com/a",
    "https://app.example.com/a#?b/c#d, https://app.example.com/a",
    "https://user:secret@app.example.com/a, https://app.example.com/a",
    "https://user@app.example.com/a#b, https://app.example.com/a"
  })
  void userInfoAndFragmentAreLeftOut(String referer, String url) {
    assertEquals(json(url, "/a"), text(referer, 1024).orElseThrow());
  }

  @Test
  void quotesAreEscaped() {
    assertEquals(
        "{\"url\":\"https://app.example.com/\\\"\\\\\",\"path\":\"/\\\"\\\\\"}",
        text("https://app.example.com/\"\\", 1024).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://app.example.com/a",
        "https://app.example.com:8443/a",
        "https://app.example.com:80/a",
        "https://app.example.com./a",
        "https://app.example.com.attacker.com/a",
        "https://xapp.example.com/a",
        "https://example.com/a",
        "https://app.example.com@attacker.com/a",
        "https://attacker.com/https://app.example.com/",
        "https://attacker.com?https://app.example.com/",
        "https://attacker.com#https://app.example.com/",
        "http://127.0.0.1/x",
        "http://127.1:8080/x",
        "http://[::1]/x"
      })
  void pageOfAnotherOriginIsNotTold(String referer) {
    assertTrue(text(referer, 1024).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "about:blank",
        "/a/b",
        "//app.example.com/a",
        "app.example.com/a",
        "https:app.example.com/a",
        "https:/app.example.com/a",
        "https:///a",
        "https://",
        "https://:443/a",
        "https://app.example.com:0/a",
        "https://app.example.com:65536/a",
        "ftp://app.example.com/a",
        "https://attacker.com\\@app.example.com/a",
        "https://app.example.com\\a",
        "https://app.example.com:x/a",
        "https://app.example.com:99999999999/a",
        "https://app_example.com/a",
        "https://app.exam ple.com/a",
        "https://app.example.com/a b",
        "https://app.example.com/a\tb",
        "https://app.example.com/a\nb",
        "https://app.example.com/\0",
        "https://app.example.com/ä",
        "https://äpp.example.com/",
        "https://app.example.com%2f/a",
        "https://[::1:8080/x",
        " https://app.example.com/a",
        "https://app.example.com/a, https://app.example.com/b"
      })
  void whatIsNoAddressIsNotTold(String referer) {
    assertTrue(text(referer, 1024).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true", "65535, true", "65536, false"})
  void portIsOneOfTcp(int port, boolean told) {
    assertEquals(told, PageAddress.parse("http://127.0.0.1:" + port + "/").isPresent());
  }

  @Test
  void withoutRefererNothingIsTold() {
    assertTrue(PageContext.fromReferer(null, OWN, 1024).isEmpty());
  }

  @Test
  void longAddressLosesItsQueryFirst() {
    String page = "https://app.example.com/a";
    String withQuery = page + "?" + "q".repeat(100);
    int exact = json(withQuery, "/a").length();
    assertEquals(json(withQuery, "/a"), text(withQuery, exact).orElseThrow());
    assertEquals(json(page, "/a"), text(withQuery, exact - 1).orElseThrow());
    assertTrue(text(withQuery, json(page, "/a").length() - 1).isEmpty());
  }

  private static Optional<String> text(String referer, int maxSize) {
    return PageContext.fromReferer(referer, OWN, maxSize)
        .map(page -> StandardCharsets.UTF_8.decode(page.json()).toString());
  }

  private static String json(String url, String path) {
    return "{\"url\":\"" + url + "\",\"path\":\"" + path + "\"}";
  }
}
