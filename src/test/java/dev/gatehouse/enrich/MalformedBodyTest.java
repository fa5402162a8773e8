package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.CALLER;
import static dev.gatehouse.enrich.Enriching.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that go no further.
class MalformedBodyTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t\r "})
  void emptyBodyIsTurnedAway(String body) {
    refused(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{}]", "null", "true", "1", "\"{}\"", "1e400"})
  void rootThatIsNoObjectIsTurnedAway(String body) {
    refused(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}x", "{}{}", "{} {}", "{}]", "{}}", "{},", "{}null", "{}\0", "{}\f", "{}//", "{}1"
      })
  void anythingBehindTheRootIsTurnedAway(String body) {
    refused(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":\"",
        "{\"a\":[",
        "{\"a\":tru",
        "{\"a\":\"\\u00",
        "{\"metadata\":{",
        "{\"metadata\":{\"userId\""
      })
  void bodyThatWasCutOffIsTurnedAway(String body) {
    refused(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{a:1}",
        "{'a':1}",
        "{\"a\":'b'}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1 2]}",
        "{\"a\":}",
        "{1:2}",
        "{null:1}",
        "{]",
        "{\"a\":[}",
        "{/**/}",
        "{\"a\":1//\n}",
        "{#\n}",
        "{\"a\":undefined}",
        "{\"a\":True}",
        "{\"a\":nullx}",
        "{\"metadata\":{\"userId\":1,}}",
        "{\"metadata\":{\"a\":1 \"userId\":2}}"
      })
  void brokenGrammarIsTurnedAway(String body) {
    refused(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01",
        "-01",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "-",
        "--1",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "1_000",
        "1x",
        "1.e1"
      })
  void brokenNumberIsTurnedAway(String number) {
    refused("{\"a\":" + number + "}");
    refused("{\"a\":[" + number + "]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\t", "\n", "\0", "\u001f", "\\x", "\\u12", "\\u12g4", "\\'", "\\", "\\U0041"})
  void brokenStringIsTurnedAway(String inside) {
    refused("{\"a\":\"" + inside + "\"}");
    refused("{\"" + inside + "\":1}");
  }

  @Test
  void halfASurrogatePairIsFineInAValueButNotInAKey() {
    String body = "{\"a\":\"\\ud800\",\"b\":\"\\udc00x\"}";
    assertEquals(body, Enriching.text(Enriching.enrich(Enriching.at(), body)));
    refused("{\"\\ud800\":1}");
    refused("{\"\\udc00\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\u2028", "\u000b", "\f", "\0", "\u3000"})
  void strangeWhiteSpaceIsTurnedAway(String blank) {
    refused("{" + blank + "}");
    refused(blank + "{}");
    refused("{\"metadata\":{}" + blank + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"a\":5}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\u00e9\":1,\"é\":2}",
        "{\"\\ud83d\\ude00\":1,\"😀\":2}",
        "{\"\":1,\"\":2}",
        "{\"x\":{\"a\":1,\"a\":2}}",
        "{\"x\":[[{\"a\":{},\"a\":[]}]]}",
        "{\"metadata\":{},\"metadata\":{}}",
        "{\"metadata\":{},\"met\\u0061data\":{}}",
        "{\"metadata\":{\"userId\":1,\"user\\u0049d\":2}}",
        "{\"metadata\":{\"userId\":{\"a\":1,\"a\":2}}}",
        "{\"metadata\":{\"pageContext\":{\"a\":1,\"a\":2}}}"
      })
  void duplicateKeyIsTurnedAwayWhereverItStands(String body) {
    refused(body);
  }

  @Test
  void sameKeyInDifferentObjectsIsFine() {
    String body = "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":{\"a\":1}}";
    assertEquals(body, Enriching.text(Enriching.enrich(Enriching.at(), body)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // lone continuation
        "bf",
        "c3", // cut off by the quote
        "e282",
        "f09f98",
        "c080", // overlong
        "c1bf",
        "e08080",
        "e09fbf",
        "f0808080",
        "f08fbfbf",
        "eda080", // surrogates
        "edbfbf",
        "eda081edb080",
        "f4908080", // above U+10FFFF
        "f5808080",
        "f8888080a0",
        "fe",
        "ff",
        "e28228a1"
      })
  void bytesThatAreNotUtf8AreTurnedAway(String hex) {
    byte[] inside = HexFormat.of().parseHex(hex);
    refused(around("{\"a\":\"", inside, "\"}"));
    refused(around("{\"", inside, "\":1}"));
    refused(around("{\"metadata\":{\"userId\":\"", inside, "\"}}"));
    refused(around("{}", inside, ""));
    refused(around("", inside, "{}"));
  }

  @Test
  void characterCutOffByTheEndOfAChunkIsStillOneCharacter() {
    for (int length = 8180; length < 8200; length++) {
      String body = "{\"a\":\"" + "x".repeat(length) + "é€😀\"}";
      assertEquals(body, Enriching.text(Enriching.enrich(Enriching.at(), body)));
    }
  }

  @Test
  void invalidByteBehindTheFirstChunkIsFound() {
    refused(around("{\"a\":\"" + "x".repeat(20_000), new byte[] {(byte) 0xff}, "\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
  void otherEncodingsAreTurnedAway(String charset) {
    refused("{\"a\":1}".getBytes(Charset.forName(charset)));
    refused("\ufeff{\"a\":1}".getBytes(Charset.forName(charset)));
  }

  @Test
  void byteOrderMarkIsTurnedAway() {
    refused("\ufeff{}");
    refused("{}\ufeff");
  }

  @Test
  void depthIsLimited() {
    String deepest = "{\"a\":" + "[".repeat(499) + "]".repeat(499) + "}";
    assertEquals(deepest, Enriching.text(Enriching.enrich(Enriching.at(), deepest)));
    refused("{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}");
    refused("{\"a\":".repeat(501) + "1" + "}".repeat(501));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "1", "\"\"", "\"{}\"", "[]", "[{}]"})
  void targetThatIsNoObjectIsTurnedAway(String value) {
    refused("{\"metadata\":" + value + "}");
    ProblemException problem =
        assertThrows(
            ProblemException.class,
            () ->
                Enriching.enrich(
                    Enriching.chatKit(), "{\"params\":{\"input\":{\"metadata\":" + value + "}}}"));
    assertEquals(ProblemCode.MALFORMED_JSON, problem.problem().code());
  }

  @Test
  void withoutTargetsABodyIsStillChecked() {
    assertThrows(
        ProblemException.class, () -> Enriching.enrich(Enriching.at(), "{\"a\":1,\"a\":2}"));
    assertThrows(ProblemException.class, () -> Enriching.enrich(Enriching.at(), "[]"));
  }

  @Test
  void refusalQuotesNothing() {
    ProblemException problem =
        assertThrows(
            ProblemException.class,
            () -> Enriching.enrich(Enriching.at("/metadata"), "{\"canary\":canary}"));
    assertFalse(problem.problem().toString().contains("canary"));
    assertEquals(null, problem.getCause());
  }

  private static void refused(String body) {
    refused(body.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(byte[] body) {
    Place nowhere = Place.of(List.of());
    assertEquals(
        JacksonOutline.read(body, 500, nowhere, RootNames.NONE),
        Outline.read(body, 500, nowhere, RootNames.NONE));
    Enricher metadata = Enriching.at("/metadata");
    ProblemException problem =
        assertThrows(ProblemException.class, () -> metadata.enrich(body, CALLER, NONE, NONE));
    assertEquals(ProblemCode.MALFORMED_JSON, problem.problem().code());
  }

  private static byte[] around(String before, byte[] inside, String after) {
    byte[] head = before.getBytes(StandardCharsets.UTF_8);
    byte[] tail = after.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + inside.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(inside, 0, all, head.length, inside.length);
    System.arraycopy(tail, 0, all, head.length + inside.length, tail.length);
    return all;
  }
}
