package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.CALLER;
import static dev.gatehouse.enrich.Enriching.NAMES;
import static dev.gatehouse.enrich.Enriching.NONE;
import static dev.gatehouse.enrich.Enriching.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gatehouse.auth.TestCaller;
import dev.gatehouse.config.ContextConfig;
import dev.gatehouse.config.ProtocolName;
import dev.gatehouse.http.Principal;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import dev.gatehouse.protocol.Protocols;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Places that are no object which takes user and page alike.
final class KindsOfTargetTest {
  private static final String PAGE = "{\"url\":\"a\\\"b\"}";
  private static final String ITEM =
      "{\"description\":\"The page that the user is looking at, as JSON\","
          + "\"value\":\"{\\\"url\\\":\\\"a\\\\\\\"b\\\"}\"}";

  private static EnrichedBody enrich(ProtocolName protocol, boolean page, String body) {
    return Enricher.of(
            new ContextConfig(true, 1024, Optional.empty()), Protocols.of(protocol), NAMES)
        .enrich(
            body.getBytes(StandardCharsets.UTF_8),
            CALLER,
            page ? Enriching.page(PAGE) : NONE,
            NONE);
  }

  private static String expected(String text) {
    return text.replace("ITEM", ITEM)
        .replace("USER", USER)
        .replace("PAGE", PAGE)
        .replace("NAME", NAMES.forModel(new Principal("", "u-1")));
  }

  @Test
  void contextArrivesOnAllOperationsOfChatKit() {
    Set<String> operations = Protocols.of(ProtocolName.CHATKIT).operations();
    assertEquals(16, operations.size());
    for (String operation : operations) {
      String open = "{\"type\":\"" + operation + "\",\"params\":{\"thread_id\":\"thr_1\"}";
      assertEquals(
          open + ",\"metadata\":{" + USER + ",\"pageContext\":" + PAGE + "}}",
          Enriching.text(enrich(ProtocolName.CHATKIT, true, open + "}")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "AG_UI|{}|{\"context\":[ITEM],\"forwardedProps\":{\"gatehouse\":{USER}}}",
        "AG_UI|{\"context\":[]}|{\"context\":[ITEM],\"forwardedProps\":{\"gatehouse\":{USER}}}",
        "AG_UI|{\"context\": [ ] ,\"a\":1 }|{\"context\": [ITEM ]"
            + " ,\"a\":1,\"forwardedProps\":{\"gatehouse\":{USER}} }",
        "AG_UI|{\"context\":[{\"a\":[1]} , {} ],\"forwardedProps\":{}}|{\"context\":[{\"a\":[1]} ,"
            + " {},ITEM ],\"forwardedProps\":{\"gatehouse\":{USER}}}",
        "AG_UI|{\"forwardedProps\":{\"gatehouse\":{\"userId\":1}},\"context\":[\"]\"]}|{\"forwardedProps\":{\"gatehouse\":{USER}},\"context\":[\"]\",ITEM]}",
        "AG_UI|{\"forwardedProps\":{\"gatehouse\":{\"pageContext\":1}},\"context\":[]}|{\"forwardedProps\":{\"gatehouse\":{\"pageContext\":1,USER}},\"context\":[ITEM]}",
        "MCP|{\"method\":\"m\"}|{\"method\":\"m\"}",
        "MCP|{\"params\":{}}|{\"params\":{\"_meta\":{\"dev.gatehouse/pageContext\":PAGE}}}",
        "MCP|{\"params\":{\"_meta\":{\"userId\":\"stays\"}}}|{\"params\":{\"_meta\":{\"userId\":\"stays\",\"dev.gatehouse/pageContext\":PAGE}}}",
        "MCP|{\"params\":{\"_meta\":{\"dev.gatehouse\\u002fpageContext\":1,\"a\":2}}}|{\"params\":{\"_meta\":{\"a\":2,\"dev.gatehouse/pageContext\":PAGE}}}",
        "MCP|{\"params\":[1]}|{\"params\":[1]}",
        "A2A|{\"params\":{\"message\":{}}}|{\"params\":{\"message\":{},\"metadata\":{USER,\"pageContext\":PAGE}}}",
        "A2A|{\"params\":{\"id\":\"t\"}}|{\"params\":{\"id\":\"t\"}}",
        "A2A|{\"params\":{\"id\":\"t\",\"metadata\":{\"userId\":\"mallory\"}}}|{\"params\":{\"id\":\"t\",\"metadata\":{USER,\"pageContext\":PAGE}}}",
        "A2A|{\"message\":{}}|{\"message\":{},\"metadata\":{USER,\"pageContext\":PAGE}}",
        "A2A|{\"jsonrpc\":\"2.0\",\"metadata\":{\"userId\":\"mallory\"}}|{\"jsonrpc\":\"2.0\",\"metadata\":{USER,\"pageContext\":PAGE}}",
        "A2A|{\"id\":\"t\"}|{\"id\":\"t\"}",
        "OPENAI|{}|{\"safety_identifier\":\"NAME\"}",
        "OPENAI|{\"safety_identifier\":\"mallory\",\"a\":1}|{\"a\":1,\"safety_identifier\":\"NAME\"}",
        "OPENAI|{\"userId\":\"stays\",\"pageContext\":{}}|{\"userId\":\"stays\",\"pageContext\":{},\"safety_identifier\":\"NAME\"}"
      })
  void eachKindIsFilledInItsOwnWay(ProtocolName protocol, String body, String expected) {
    assertEquals(expected(expected), Enriching.text(enrich(protocol, true, body)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "AG_UI|{\"a\":1}|{\"a\":1,\"forwardedProps\":{\"gatehouse\":{USER}}}",
        "AG_UI|{\"context\":[ 1 ]}|{\"context\":[ 1 ],\"forwardedProps\":{\"gatehouse\":{USER}}}",
        "MCP|{\"params\":{}}|{\"params\":{}}",
        "MCP|{\"params\":{\"_meta\":{\"dev.gatehouse/pageContext\":{\"own\":1}}}}|{\"params\":{\"_meta\":{\"dev.gatehouse/pageContext\":{\"own\":1}}}}"
      })
  void withoutAPageOnlyTheUserIsWritten(ProtocolName protocol, String body, String expected) {
    assertEquals(expected(expected), Enriching.text(enrich(protocol, false, body)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "AG_UI|{\"context\":{}}",
        "AG_UI|{\"context\":null}",
        "AG_UI|{\"forwardedProps\":null}",
        "AG_UI|{\"forwardedProps\":[]}",
        "AG_UI|{\"forwardedProps\":{\"gatehouse\":\"mallory\"}}",
        "MCP|{\"params\":{\"_meta\":[]}}",
        "A2A|{\"params\":{\"metadata\":null}}",
        "A2A|{\"metadata\":\"mallory\"}",
        "MCP|[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}]"
      })
  void placeOfTheWrongKindIsRefused(ProtocolName protocol, String body) {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> enrich(protocol, true, body));
    assertEquals(ProblemCode.MALFORMED_JSON, refused.problem().code());
  }

  @Test
  void whatWasWrittenIsTold() {
    assertEquals(Optional.of("page,user"), enrich(ProtocolName.AG_UI, true, "{}").contextHeader());
    assertEquals(Optional.of("user"), enrich(ProtocolName.OPENAI, true, "{}").contextHeader());
    assertEquals(
        Optional.of("page"), enrich(ProtocolName.MCP, true, "{\"params\":{}}").contextHeader());
    assertEquals(Optional.empty(), enrich(ProtocolName.MCP, true, "{}").contextHeader());
  }

  @Test
  void membersThatDoNotMatterAreNotKept() {
    byte[] body =
        "{\"id\":1,\"params\":{\"a\":1,\"message\":{},\"b\":[2]},\"z\":{}}"
            .getBytes(StandardCharsets.UTF_8);
    ObjectSpan root =
        Outline.read(body, 10, Place.of(Protocols.of(ProtocolName.A2A).targets()), RootNames.NONE)
            .orElseThrow()
            .root();
    assertEquals(List.of("params"), names(root));
    assertEquals(List.of("message"), names(root.at(List.of("params")).orElseThrow()));
  }

  private static List<String> names(ObjectSpan object) {
    return object.members().stream().map(ObjectSpan.Member::name).toList();
  }

  @Test
  void userOfAnUnknownTokenHasNoNameForTheModel() {
    EnrichedBody body =
        Enricher.of(ContextConfig.DEFAULTS, Protocols.of(ProtocolName.OPENAI), NAMES)
            .enrich(
                "{\"a\":1,\"safety_identifier\":\"mallory\"}".getBytes(StandardCharsets.UTF_8),
                TestCaller.unknown(),
                NONE,
                NONE);
    assertEquals("{\"a\":1}", Enriching.text(body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "{\"id\":7,\"method\":\"m\"}|7",
        "{\"method\":\"m\",\"id\":\"a\\u0062\"}|\"a\\u0062\"",
        "{\"method\":\"m\",\"params\":{\"id\":1}}|",
        "{\"id\":7,\"result\":{}}|",
        "{\"id\":null,\"method\":\"m\"}|",
        "{\"id\":1.5,\"method\":\"m\"}|",
        "{\"id\":{},\"method\":\"m\"}|"
      })
  void callThatWaitsForAnAnswerIsKnown(String body, String id) {
    assertEquals(Optional.ofNullable(id), enrich(ProtocolName.MCP, false, body).call());
  }

  @Test
  void endlessCallIsNotRepeated() {
    String longest = "\"" + "i".repeat(254) + "\"";
    assertEquals(Optional.of(longest), callOf(longest));
    assertEquals(Optional.empty(), callOf(longest.replaceFirst("i", "ii")));
  }

  private static Optional<String> callOf(String id) {
    return enrich(ProtocolName.MCP, false, "{\"id\":" + id + ",\"method\":\"m\"}").call();
  }
}
