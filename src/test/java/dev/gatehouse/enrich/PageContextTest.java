package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.base64Url;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `X-Page-Context` may hold.
class PageContextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " { \"url\" : \"https://app.example.com/ä?ö=1\" ,\n\"n\":1e400}\r\n",
        "{\"title\":\"日本語 😀\"}",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"\\ud800\"}",
        "{\"a\":\"???>>>~~~\"}"
      })
  void objectIsTakenAsItIs(String json) {
    assertEquals(json, text(base64Url(json), 1024));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{ }", "{  }", "{\"a\":1}"})
  void paddingIsOptional(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertEquals(json, text(Base64.getUrlEncoder().encodeToString(bytes), 1024));
    assertEquals(json, text(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), 1024));
  }

  @Test
  void noHeaderIsNoContext() {
    assertTrue(PageContext.fromHeader(List.of(), 1024).isEmpty());
  }

  @Test
  void twoHeadersAreTurnedAway() {
    malformed(List.of(base64Url("{}"), base64Url("{}")), 1024);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "=",
        "====",
        "e",
        "e30=e30=",
        "e30==",
        "e30 ",
        " e30",
        "e3 0",
        "e30,e30",
        "{}",
        "e3\n0",
        "%7B%7D",
        "\u0165\u0133\u0130",
        "e30\0",
        "e30.e30"
      })
  void whatIsNotBase64UrlIsTurnedAway(String value) {
    malformed(List.of(value), 1024);
  }

  @Test
  void plainBase64IsTurnedAway() {
    String json = "{\"a\":\"???>>>~~~\"}";
    String plain = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    assertTrue(plain.contains("/") || plain.contains("+"));
    malformed(List.of(plain), 1024);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "[]",
        "[{}]",
        "null",
        "1",
        "\"{}\"",
        "{",
        "{}}",
        "{}{}",
        "{}x",
        "{\"a\":1,}",
        "{a:1}",
        "\ufeff{}",
        "{\"a\":\"\n\"}",
        "{\"a\":01}",
        "\0{}"
      })
  void whatIsNoJsonObjectIsTurnedAway(String json) {
    malformed(List.of(base64Url(json)), 1024);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"a\":[{\"b\":1,\"b\":2}]}"
      })
  void duplicateKeysAreTurnedAway(String json) {
    malformed(List.of(base64Url(json)), 1024);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7b2261223a22ff227d",
        "7b2261223a22c080227d",
        "7b2261223a22eda080227d",
        "7b2261223a22c3"
      })
  void whatIsNotUtf8IsTurnedAway(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    malformed(List.of(Base64.getUrlEncoder().encodeToString(bytes)), 1024);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 100, 16_384})
  void sizeIsLimitedToTheByte(int size) {
    String json = "{\"a\":\"" + "x".repeat(size - 8) + "\"}";
    assertEquals(size, json.length());
    assertEquals(json, text(base64Url(json), size));
    malformed(List.of(base64Url(json)), size - 1);
    malformed(List.of(base64Url(json + " ")), size);
    malformed(List.of(base64Url(json + "    ")), size);
  }

  @Test
  void depthIsLimited() {
    String deepest = "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";
    assertEquals(deepest, text(base64Url(deepest), 1024));
    malformed(List.of(base64Url("{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}")), 1024);
  }

  @Test
  void refusalQuotesNothing() {
    ProblemException problem = malformed(List.of(base64Url("{\"canary\":canary}")), 1024);
    assertFalse(problem.problem().toString().contains("canary"));
    assertFalse(problem.problem().toString().contains(base64Url("canary")));
  }

  private static String text(String header, int maxSize) {
    return StandardCharsets.UTF_8
        .decode(PageContext.fromHeader(List.of(header), maxSize).orElseThrow().json())
        .toString();
  }

  private static ProblemException malformed(List<String> values, int maxSize) {
    ProblemException problem =
        assertThrows(ProblemException.class, () -> PageContext.fromHeader(values, maxSize));
    assertEquals(ProblemCode.MALFORMED_PAGE_CONTEXT, problem.problem().code());
    return problem;
  }
}
