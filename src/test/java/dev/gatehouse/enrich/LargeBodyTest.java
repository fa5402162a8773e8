package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.CALLER;
import static dev.gatehouse.enrich.Enriching.NONE;
import static dev.gatehouse.enrich.Enriching.USER;
import static dev.gatehouse.enrich.Enriching.enrich;
import static dev.gatehouse.enrich.Enriching.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Big and unpleasant bodies cost time in proportion, and no limit of the parser's gets in the way.
@Timeout(30)
class LargeBodyTest {
  private static final int MIB = 1024 * 1024;
  private static final String ADDED = ",\"metadata\":{" + USER + "}}";

  @Test
  void dictationPasses() {
    staysWhole("{\"audio_base64\":\"" + "A".repeat(10 * MIB) + "\"");
  }

  @Test
  void textThatIsAllEscapesPasses() {
    staysWhole("{\"a\":\"" + "\\u0022".repeat(MIB) + "\"");
  }

  @Test
  void hugeMembersOfTheTargetAreReplaced() {
    String huge = "x".repeat(4 * MIB);
    assertEquals(
        "{\"metadata\":{" + USER + "}}",
        text(
            enrich(
                Enriching.at("/metadata"),
                "{\"metadata\":{\"userId\":\"" + huge + "\",\"userInfo\":[\"" + huge + "\"]}}")));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 1_001, 5_000, 1_000_000})
  void longNumberPasses(int digits) {
    staysWhole("{\"a\":" + "9".repeat(digits));
    staysWhole("{\"a\":-0." + "9".repeat(digits) + "e+" + "1".repeat(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1E-400", "1e99999999999999999999", "1.00", "-0", "0e0"})
  void oddNumberPasses(String number) {
    staysWhole("{\"a\":" + number + ",\"b\":[" + number + " ]");
  }

  @Test
  void longKeyPasses() {
    staysWhole("{\"" + "k".repeat(MIB) + "\":1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%d", "key-%07d", "some/long/common/prefix/%d/suffix", "é%d"})
  void hundredThousandKeysPass(String pattern) {
    String members =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "\"" + pattern.formatted(i) + "\":" + i)
            .collect(Collectors.joining(","));
    staysWhole("{" + members);
    staysWhole("{\"x\":{" + members + "}");
    assertEquals(
        "{\"metadata\":{" + members + "," + USER + "}}",
        text(enrich(Enriching.at("/metadata"), "{\"metadata\":{" + members + "}}")));
  }

  @Test
  void duplicateAmongHundredThousandKeysIsFound() {
    String members =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "\"" + i + "\":0")
            .collect(Collectors.joining(","));
    Enricher enricher = Enriching.at("/metadata");
    assertThrows(
        ProblemException.class, () -> enrich(enricher, "{" + members + ",\"5000\\u0030\":1}"));
  }

  @Test
  void keysWithTheSameHashPass() {
    // All of "Aa", "BB" and their combinations have one and the same String.hashCode.
    Set<String> keys = new HashSet<>(Set.of(""));
    for (int i = 0; i < 14; i++) {
      keys =
          keys.stream()
              .flatMap(key -> Set.of(key + "Aa", key + "BB").stream())
              .collect(Collectors.toSet());
    }
    assertEquals(1, keys.stream().map(String::hashCode).distinct().count());
    staysWhole(
        "{" + keys.stream().map(key -> "\"" + key + "\":0").collect(Collectors.joining(",")));
  }

  @Test
  void manyNestedArraysPass() {
    String nest = "[".repeat(400) + "]".repeat(400);
    staysWhole("{\"a\":[" + (nest + ",").repeat(5_000) + "0]");
  }

  @Test
  void bottomlessBodyIsTurnedAway() {
    Enricher enricher = Enriching.at("/metadata");
    assertThrows(ProblemException.class, () -> enrich(enricher, "{\"a\":" + "[".repeat(10 * MIB)));
    assertThrows(ProblemException.class, () -> enrich(enricher, "{\"a\":".repeat(MIB)));
  }

  @Test
  void clientsBytesAreNotCopied() {
    byte[] body =
        "{\"a\":\"x\",\"metadata\":{\"userId\":1},\"b\":2}".getBytes(StandardCharsets.UTF_8);
    EnrichedBody enriched = Enriching.at("/metadata").enrich(body, CALLER, NONE, NONE);
    Arrays.fill(body, (byte) '#');
    assertEquals("#".repeat(21) + USER + "#".repeat(8), text(enriched));
  }

  @Test
  void bodyCanBeWrittenTwice() {
    EnrichedBody enriched = enrich(Enriching.at("/metadata"), "{\"a\":1}");
    assertEquals(text(enriched), text(enriched));
    assertEquals("{\"a\":1" + ADDED, text(enriched));
  }

  private static void staysWhole(String unclosed) {
    // Not assertEquals: a failure would print megabytes.
    String enriched = text(enrich(Enriching.at("/metadata"), unclosed + "}"));
    assertEquals(unclosed.length() + ADDED.length(), enriched.length());
    assertEquals(true, enriched.startsWith(unclosed));
    assertEquals(true, enriched.endsWith(ADDED));
  }
}
