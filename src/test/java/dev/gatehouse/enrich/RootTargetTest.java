package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.config.ProtocolName;
import dev.gatehouse.protocol.Protocols;
import dev.gatehouse.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the body itself takes user and page, as with the AI SDK.
class RootTargetTest {
  private final Enricher enricher =
      Enricher.of(
          new ContextConfig(true, 1024, Optional.empty()),
          Protocols.of(ProtocolName.AI_SDK),
          Enriching.NAMES);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "{}|{USER}",
        "{\"id\":1}|{\"id\":1,USER}",
        "{ \"id\" : 1e400 , \"messages\" : [ ] }|{ \"id\" : 1e400 , \"messages\" : [ ],USER }",
        "{\"userInfo\":{\"id\":\"mallory\"},\"id\":1}|{\"id\":1,USER}",
        "{\"id\":1,\"userId\":\"mallory\"}|{\"id\":1,USER}",
        "{\"us\\u0065rInfo\":[],\"a\":{\"userInfo\":1}}|{\"a\":{\"userInfo\":1},USER}"
      })
  void userIsWrittenBesideTheMembersOfTheBody(String body, String expected) {
    assertEquals(expected.replace("USER", USER), Enriching.text(Enriching.enrich(enricher, body)));
  }

  @Test
  void pageOfTheHeaderReplacesTheClientsOwn() {
    EnrichedBody enriched =
        enricher.enrich(
            "{\"pageContext\":{\"url\":\"old\"},\"id\":1}".getBytes(StandardCharsets.UTF_8),
            Enriching.CALLER,
            Enriching.page("{\"url\":\"new\"}"),
            Enriching.NONE);
    assertEquals(
        "{\"id\":1," + USER + ",\"pageContext\":{\"url\":\"new\"}}", Enriching.text(enriched));
    assertEquals(Optional.of("page,user"), enriched.contextHeader());
  }

  @Test
  void pageOfTheClientStays() {
    assertEquals(
        "{\"pageContext\":{\"url\":\"own\"}," + USER + "}",
        Enriching.text(Enriching.enrich(enricher, "{\"pageContext\":{\"url\":\"own\"}}")));
  }

  @Test
  void rootBesideAnotherTargetIsTurnedAway() {
    List<Target> targets = List.of(Target.parse("/a", true), Target.ROOT);
    assertThrows(IllegalArgumentException.class, () -> Place.of(targets));
    assertThrows(IllegalArgumentException.class, () -> Place.of(targets.reversed()));
  }
}
