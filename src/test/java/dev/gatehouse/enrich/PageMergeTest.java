package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.CALLER;
import static dev.gatehouse.enrich.Enriching.NONE;
import static dev.gatehouse.enrich.Enriching.USER;
import static dev.gatehouse.enrich.Enriching.page;
import static dev.gatehouse.enrich.Enriching.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which page context wins, and where it goes.
class PageMergeTest {
  private static final Optional<PageContext> HEADER = page("{\"from\":\"header\"}");
  private static final Optional<PageContext> REFERER = page("{\"from\":\"referer\"}");
  private static final String HEADER_MEMBER = ",\"pageContext\":{\"from\":\"header\"}";
  private static final String REFERER_MEMBER = ",\"pageContext\":{\"from\":\"referer\"}";

  private final Enricher metadata = Enriching.at("/metadata");

  @Test
  void headerWinsOverBodyAndReferer() {
    EnrichedBody enriched =
        enrich(metadata, "{\"metadata\":{\"pageContext\":{\"a\":1},\"b\":2}}", HEADER, REFERER);
    assertEquals("{\"metadata\":{\"b\":2," + USER + HEADER_MEMBER + "}}", text(enriched));
    assertEquals("page,user", enriched.contextHeader().orElseThrow());
  }

  @Test
  void escapedContextOfTheClientIsReplacedToo() {
    EnrichedBody enriched =
        enrich(metadata, "{\"metadata\":{\"a\":1,\"page\\u0043ontext\":2 }}", HEADER, NONE);
    assertEquals("{\"metadata\":{\"a\":1," + USER + HEADER_MEMBER + " }}", text(enriched));
  }

  @Test
  void contextOfTheBodyStaysAsItIs() {
    EnrichedBody enriched =
        enrich(
            metadata,
            "{\"metadata\":{ \"pageContext\" : {\"n\": 1.0e2} , \"userId\":0}}",
            NONE,
            REFERER);
    assertEquals(
        "{\"metadata\":{ \"pageContext\" : {\"n\": 1.0e2} , " + USER + "}}", text(enriched));
    assertEquals("page,user", enriched.contextHeader().orElseThrow());
  }

  @Test
  void refererFillsTheGap() {
    EnrichedBody enriched = enrich(metadata, "{\"metadata\":{}}", NONE, REFERER);
    assertEquals("{\"metadata\":{" + USER + REFERER_MEMBER + "}}", text(enriched));
    assertEquals("page,user", enriched.contextHeader().orElseThrow());
  }

  @Test
  void newTargetGetsContextToo() {
    assertEquals(
        "{\"metadata\":{" + USER + HEADER_MEMBER + "}}",
        text(enrich(metadata, "{}", HEADER, REFERER)));
  }

  @Test
  void withoutAnyContextOnlyTheUserIsWritten() {
    EnrichedBody enriched = enrich(metadata, "{}", NONE, NONE);
    assertEquals("{\"metadata\":{" + USER + "}}", text(enriched));
    assertEquals("user", enriched.contextHeader().orElseThrow());
  }

  @Test
  void contextElsewhereInTheBodyIsNotTaken() {
    String body = "{\"pageContext\":1,\"metadata\":{\"a\":{\"pageContext\":2}}}";
    assertEquals(
        "{\"pageContext\":1,\"metadata\":{\"a\":{\"pageContext\":2},"
            + USER
            + REFERER_MEMBER
            + "}}",
        text(enrich(metadata, body, NONE, REFERER)));
  }

  @Test
  void switchedOffContextIsNotWrittenAndTheClientsStays() {
    Enricher off = Enriching.withoutPageAt("/x", "/y");
    EnrichedBody enriched =
        enrich(off, "{\"x\":{\"pageContext\":1},\"y\":{\"userId\":2}}", HEADER, REFERER);
    assertEquals("{\"x\":{\"pageContext\":1," + USER + "},\"y\":{" + USER + "}}", text(enriched));
    assertEquals("user", enriched.contextHeader().orElseThrow());
  }

  @Test
  void contextOfOneTargetIsCopiedToTheOther() {
    EnrichedBody enriched =
        enrich(
            Enriching.chatKit(),
            "{\"params\":{\"input\":{\"metadata\":{\"pageContext\" : {\"t\" :\"\\u00e9\"} }}}}",
            NONE,
            REFERER);
    assertEquals(
        "{\"params\":{\"input\":{\"metadata\":{\"pageContext\" : {\"t\" :\"\\u00e9\"},"
            + USER
            + " }}},\"metadata\":{"
            + USER
            + ",\"pageContext\":{\"t\" :\"\\u00e9\"}}}",
        text(enriched));
  }

  @Test
  void firstTargetIsCopiedWhereverItStands() {
    Enricher three = Enriching.at("/x", "/y", "/z");
    assertEquals(
        "{\"y\":{\"pageContext\":2,#},\"x\":{\"pageContext\":1,#},\"z\":{#,\"pageContext\":1}}"
            .replace("#", USER),
        text(
            enrich(three, "{\"y\":{\"pageContext\":2},\"x\":{\"pageContext\":1}}", NONE, REFERER)));
  }

  @Test
  void headerReplacesTheContextOfEveryTarget() {
    assertEquals(
        "{\"metadata\":{#},\"params\":{\"input\":{\"metadata\":{\"a\":1,#}}}}"
            .replace("#", USER + HEADER_MEMBER),
        text(
            enrich(
                Enriching.chatKit(),
                "{\"metadata\":{\"pageContext\":1},\"params\":{\"input\":{\"metadata\":"
                    + "{\"pageContext\":{\"x\":[]},\"a\":1}}}}",
                HEADER,
                NONE)));
  }

  @Test
  void inputMetadataIsNotMadeForChatKit() {
    assertEquals(
        "{\"params\":{\"input\":{}},\"metadata\":{" + USER + "}}",
        text(enrich(Enriching.chatKit(), "{\"params\":{\"input\":{}}}", NONE, NONE)));
  }

  @Test
  void inputMetadataIsMadeWhereTheRouteNamesIt() {
    assertEquals(
        "{\"params\":{\"input\":{\"metadata\":{" + USER + "}}}}",
        text(
            enrich(
                Enriching.at("/params/input/metadata"),
                "{\"params\":{\"input\":{}}}",
                NONE,
                NONE)));
  }

  private static EnrichedBody enrich(
      Enricher enricher, String body, Optional<PageContext> header, Optional<PageContext> referer) {
    return enricher.enrich(body.getBytes(StandardCharsets.UTF_8), CALLER, header, referer);
  }
}
