package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.NONE;
import static dev.gatehouse.enrich.Enriching.page;
import static dev.gatehouse.enrich.Enriching.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.auth.TestCaller;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bodies of callers of whom nothing is known: nobody is written into them, and nobody may claim to
/// be somebody.
class UnknownCallerTest {
  private final Enricher metadata = Enriching.at("/metadata");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | {}",
        "{\"metadata\":{}} | {\"metadata\":{}}",
        "{\"metadata\":{ \"a\" : 1 }} | {\"metadata\":{ \"a\" : 1 }}",
        "{\"metadata\":{\"userId\":\"x\"}} | {\"metadata\":{}}",
        "{\"metadata\":{ \"userId\" : 1 }} | {\"metadata\":{  }}",
        "{\"metadata\":{\"userId\":1,\"userInfo\":2}} | {\"metadata\":{}}",
        "{\"metadata\":{\"userId\":1,\"a\":2}} | {\"metadata\":{\"a\":2}}",
        "{\"metadata\":{\"a\":2,\"userId\":1}} | {\"metadata\":{\"a\":2}}",
        "{\"metadata\":{\"a\":2 , \"userId\":1 }} | {\"metadata\":{\"a\":2  }}",
        "{\"metadata\":{\"a\":2,\"userId\":1,\"userInfo\":{}}} | {\"metadata\":{\"a\":2}}",
        "{\"metadata\":{\"userId\":1,\"a\":2,\"userInfo\":3}} | {\"metadata\":{\"a\":2}}",
        "{\"metadata\":{\"a\":1,\"userId\":2,\"b\":3,\"userInfo\":4,\"c\":5}} |"
            + " {\"metadata\":{\"a\":1,\"b\":3,\"c\":5}}",
        "{\"metadata\":{\"user\\u0049d\":1},\"userId\":2} | {\"metadata\":{},\"userId\":2}"
      })
  void claimsOfTheClientAreLeftOut(String body, String expected) {
    EnrichedBody enriched = enrich(body, NONE);
    assertEquals(expected, text(enriched));
    assertEquals(Set.of(), enriched.merged());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | {\"metadata\":{\"pageContext\":{\"u\":1}}}",
        "{\"metadata\":{}} | {\"metadata\":{\"pageContext\":{\"u\":1}}}",
        "{\"metadata\":{\"userId\":1}} | {\"metadata\":{\"pageContext\":{\"u\":1}}}",
        "{\"metadata\":{\"a\":1,\"userId\":1}} |"
            + " {\"metadata\":{\"a\":1,\"pageContext\":{\"u\":1}}}",
        "{\"metadata\":{\"pageContext\":{},\"userId\":1}} |"
            + " {\"metadata\":{\"pageContext\":{\"u\":1}}}"
      })
  void pageIsWrittenAllTheSame(String body, String expected) {
    EnrichedBody enriched = enrich(body, page("{\"u\":1}"));
    assertEquals(expected, text(enriched));
    assertEquals(Set.of(Merged.PAGE), enriched.merged());
  }

  @Test
  void pageOfTheClientStays() {
    EnrichedBody enriched = enrich("{\"metadata\":{\"userId\":1,\"pageContext\":{\"a\":1}}}", NONE);
    assertEquals("{\"metadata\":{\"pageContext\":{\"a\":1}}}", text(enriched));
    assertEquals(Set.of(Merged.PAGE), enriched.merged());
  }

  private EnrichedBody enrich(String body, Optional<PageContext> header) {
    return metadata.enrich(
        body.getBytes(StandardCharsets.UTF_8), TestCaller.unknown(), header, NONE);
  }
}
