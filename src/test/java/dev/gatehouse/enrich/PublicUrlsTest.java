package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PublicUrlsTest {
  private static final String ORIGIN = "https://app.example.com";
  private static final PublicUrls URLS =
      PublicUrls.of(
          Map.of("http://agent:8000", "/api/agent", "http://agent:8000/files", "/api/files"));

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "{\"url\":\"http://agent:8000/files/1?a=b#c\"}|{\"url\":\"https://app.example.com/api/files/1?a=b#c\"}",
        "{\"url\":\"http://agent:8000/files\"}|{\"url\":\"https://app.example.com/api/files\"}",
        "{\"url\":\"http://agent:8000/files?x\"}|{\"url\":\"https://app.example.com/api/files?x\"}",
        "{\"url\":\"http://agent:8000/other\"}|{\"url\":\"https://app.example.com/api/agent/other\"}",
        "{\"url\":\"http:\\/\\/agent:8000\\/files\\u002f\\u00e9\"}|{\"url\":\"https://app.example.com/api/files/é\"}",
        "[ \"http://agent:8000/\" , 1.0e+2 ]|[ \"https://app.example.com/api/agent/\" , 1.0e+2 ]",
        "\"http://agent:8000\"|\"https://app.example.com/api/agent\"",
        "{\"a\":{\"b\":[{\"c\":\"http://agent:8000/files/1\"}]},\"d\":\"http://agent:8000/files/2\"}"
            + " |{\"a\":{\"b\":[{\"c\":\"https://app.example.com/api/files/1\"}]},\"d\":\"https://app.example.com/api/files/2\"}"
            + " "
      })
  void urlsOfTheAgentBecomePublic(String json, String expected) {
    assertEquals(expected, new String(URLS.in(utf8(json), ORIGIN), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"url\":\"http://agent:80001/files\"}",
        "{\"url\":\"http://agent:8000.example.com/\"}",
        "{\"url\":\"http://agent:8000@example.com/\"}",
        "{\"url\":\"https://agent:8000/files\"}",
        "{\"url\":\" http://agent:8000/files\"}",
        "{\"text\":\"see http://agent:8000/files/1\"}",
        "{\"http://agent:8000/files\":1}",
        "{\"url\":\"http://agent:8000/files/1\"",
        "{\"url\":\"http://agent:8000/files/1\"}}",
        "{\"url\":\"http://agent:8000/files/1\"} {}",
        "{url:\"http://agent:8000/files/1\"}",
        "",
        "{}"
      })
  void everythingElseIsLeftAlone(String json) {
    byte[] bytes = utf8(json);
    assertSame(bytes, URLS.in(bytes, ORIGIN));
  }

  @Test
  void whatIsNotUtf8IsLeftAlone() {
    byte[] bytes = utf8("{\"url\":\"http://agent:8000/files/1\",\"x\":\"?\"}");
    bytes[bytes.length - 3] = (byte) 0xff;
    assertSame(bytes, URLS.in(bytes, ORIGIN));
  }

  @Test
  void everyOtherByteStays() {
    RandomJson json = new RandomJson(21);
    int found = 0;
    for (int i = 0; i < 2000; i++) {
      String url = json.chance(50) ? "http://agent:8000/files/é" : "http://other/files";
      String text = json.blank() + "[" + json.value(3) + "," + json.blank();
      String rest = json.blank() + "," + json.value(3) + "]" + json.blank();
      byte[] out = URLS.in(utf8(text + '"' + url + '"' + rest), ORIGIN);
      String expected = url.replace("http://agent:8000/files", ORIGIN + "/api/files");
      assertArrayEquals(utf8(text + '"' + expected + '"' + rest), out);
      found += expected.equals(url) ? 0 : 1;
    }
    assertTrue(found > 500);
  }

  @Test
  void longestBeginningHoldsInWhateverOrderTheyCome() {
    List<String> longer = List.of("http://a/b/c", "http://a/b", "http://a");
    for (List<String> order : List.of(longer, longer.reversed())) {
      Map<String, String> paths = new LinkedHashMap<>();
      order.forEach(url -> paths.put(url, "/" + url.length()));
      PublicUrls urls = PublicUrls.of(paths);
      assertEquals(
          "[\"o/12/x\",\"o/10/x\",\"o/8/x\"]",
          new String(
              urls.in(utf8("[\"http://a/b/c/x\",\"http://a/b/x\",\"http://a/x\"]"), "o"),
              StandardCharsets.UTF_8));
    }
  }

  @Test
  void withoutRulesThereIsNothingToLookFor() {
    assertTrue(PublicUrls.of(Map.of()).isEmpty());
    assertTrue(!URLS.isEmpty());
  }
}
