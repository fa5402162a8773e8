package dev.gatehouse.enrich;

import static dev.gatehouse.enrich.Enriching.NONE;
import static dev.gatehouse.enrich.Enriching.USER;
import static dev.gatehouse.enrich.Enriching.enrich;
import static dev.gatehouse.enrich.Enriching.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gatehouse.auth.Caller;
import dev.gatehouse.auth.TestCaller;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where user and id end up, and what of the client's bytes stays.
class UserMergeTest {
  private final Enricher metadata = Enriching.at("/metadata");

  /// A body, and what it becomes; `#` stands for the members written by the gate.
  static Arguments[] bodiesWithATarget() {
    return new Arguments[] {
      Arguments.of("{\"metadata\":{}}", "{\"metadata\":{#}}"),
      Arguments.of("{\"metadata\":{ \n}}", "{\"metadata\":{# \n}}"),
      Arguments.of("{\"metadata\":{\"a\":1}}", "{\"metadata\":{\"a\":1,#}}"),
      Arguments.of("{\"metadata\":{ \"a\" : 1 }}", "{\"metadata\":{ \"a\" : 1,# }}"),
      // Ours only, first, in the middle, last, all over the place.
      Arguments.of("{\"metadata\":{\"userId\":\"x\"}}", "{\"metadata\":{#}}"),
      Arguments.of("{\"metadata\":{ \"userId\" : \"x\" }}", "{\"metadata\":{ # }}"),
      Arguments.of("{\"metadata\":{\"userId\":1,\"userInfo\":2}}", "{\"metadata\":{#}}"),
      Arguments.of("{\"metadata\":{ \"userInfo\":1 ,\n\"userId\":2\t}}", "{\"metadata\":{ #\t}}"),
      Arguments.of("{\"metadata\":{\"userId\":1,\"a\":2}}", "{\"metadata\":{\"a\":2,#}}"),
      Arguments.of("{\"metadata\":{ \"userId\":1 , \"a\":2 }}", "{\"metadata\":{ \"a\":2,# }}"),
      Arguments.of("{\"metadata\":{\"a\":2,\"userId\":1}}", "{\"metadata\":{\"a\":2,#}}"),
      Arguments.of("{\"metadata\":{ \"a\":2 , \"userId\":1 }}", "{\"metadata\":{ \"a\":2 , # }}"),
      Arguments.of(
          "{\"metadata\":{\"a\":1,\"userId\":{\"b\":[2]},\"c\":3}}",
          "{\"metadata\":{\"a\":1,\"c\":3,#}}"),
      Arguments.of(
          "{\"metadata\":{\"userInfo\":{},\"a\":1,\"userId\":[]}}", "{\"metadata\":{\"a\":1,#}}"),
      Arguments.of(
          "{\"metadata\":{\"userInfo\":\"}\\\"\",\"a\":1,\"b\":2,\"userId\":null}}",
          "{\"metadata\":{\"a\":1,\"b\":2,#}}"),
      // Escapes hide nothing.
      Arguments.of(
          "{\"metadata\":{\"userId\":1,\"a\":2,\"user\\u0049nfo\":3}}",
          "{\"metadata\":{\"a\":2,#}}"),
      Arguments.of(
          "{\"metadata\":{\"\\u0075\\u0073\\u0065\\u0072\\u0049\\u0064\":1}}",
          "{\"metadata\":{#}}"),
      Arguments.of("{\"met\\u0061data\":{\"a\":1}}", "{\"met\\u0061data\":{\"a\":1,#}}"),
      // Names that only look like ours stay.
      Arguments.of(
          "{\"metadata\":{\"userid\":1,\"UserId\":2,\"userId \":3}}",
          "{\"metadata\":{\"userid\":1,\"UserId\":2,\"userId \":3,#}}"),
      Arguments.of(
          "{\"metadata\":{\"a\":{\"userId\":1}},\"userId\":2}",
          "{\"metadata\":{\"a\":{\"userId\":1},#},\"userId\":2}"),
      // Every kind of value in front of ours.
      Arguments.of("{\"metadata\":{\"a\":\"}\"}}", "{\"metadata\":{\"a\":\"}\",#}}"),
      Arguments.of("{\"metadata\":{\"a\":true }}", "{\"metadata\":{\"a\":true,# }}"),
      Arguments.of("{\"metadata\":{\"a\":null}}", "{\"metadata\":{\"a\":null,#}}"),
      Arguments.of("{\"metadata\":{\"a\":-0.0E+1 }}", "{\"metadata\":{\"a\":-0.0E+1,# }}"),
      Arguments.of("{\"metadata\":{\"a\":[1, {}]}}", "{\"metadata\":{\"a\":[1, {}],#}}"),
      // Around the target nothing moves.
      Arguments.of(
          " {\r\n\"z\" : 1.50 ,\t\"metadata\" : {} , \"a\":\"\\u00e9\\/é\" } \n",
          " {\r\n\"z\" : 1.50 ,\t\"metadata\" : {#} , \"a\":\"\\u00e9\\/é\" } \n")
    };
  }

  @ParameterizedTest
  @MethodSource("bodiesWithATarget")
  void clientsIdentityIsReplacedAndTheRestStays(String body, String expected) {
    assertEquals(expected.replace("#", USER), text(enrich(metadata, body)));
  }

  static Arguments[] bodiesWithoutATarget() {
    return new Arguments[] {
      Arguments.of("{}", "{@}"),
      Arguments.of(" { } ", " {@ } "),
      Arguments.of("{\"a\":1}", "{\"a\":1,@}"),
      Arguments.of("{ \"a\" : [ ] \n}", "{ \"a\" : [ ],@ \n}"),
      Arguments.of("{\"a\":{\"metadata\":1}}", "{\"a\":{\"metadata\":1},@}"),
      Arguments.of("{\"a\":\"\\\\\"}", "{\"a\":\"\\\\\",@}")
    };
  }

  @ParameterizedTest
  @MethodSource("bodiesWithoutATarget")
  void missingTargetBecomesTheLastMember(String body, String expected) {
    assertEquals(
        expected.replace("@", "\"metadata\":{" + USER + "}"), text(enrich(metadata, body)));
  }

  @Test
  void severalMissingTargetsAreAllMade() {
    assertEquals(
        "{\"x\":{" + USER + "},\"y\":{" + USER + "}}",
        text(enrich(Enriching.at("/x", "/y"), "{}")));
    assertEquals(
        "{\"y\":{" + USER + "},\"x\":{" + USER + "}}",
        text(enrich(Enriching.at("/x", "/y"), "{\"y\":{}}")));
  }

  @Test
  void targetIsMadeInTheParentThatIsThere() {
    assertEquals(
        "{\"p\":{\"q\":{ \"a\":1,\"m\":{" + USER + "} }},\"z\":2}",
        text(enrich(Enriching.at("/p/q/m"), "{\"p\":{\"q\":{ \"a\":1 }},\"z\":2}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"p\":{}}",
        "{\"p\":[{\"q\":{}}]}",
        "{\"p\":{\"q\":[]}}",
        "{\"p\":{\"q\":null}}",
        "{\"p\":\"q\"}",
        "{\"q\":{\"m\":{}}}"
      })
  void parentsAreNeverMade(String body) {
    EnrichedBody enriched = enrich(Enriching.at("/p/q/m"), body);
    assertEquals(body, text(enriched));
    assertEquals(Set.of(), enriched.merged());
  }

  @Test
  void namesOfATargetAreWrittenAsJson() {
    assertEquals("{\"a\\\"/b\":{" + USER + "}}", text(enrich(Enriching.at("/a\"~1b"), "{}")));
    assertEquals("{\"\":{" + USER + "}}", text(enrich(Enriching.at("/"), "{}")));
  }

  @Test
  void withoutTargetsNothingChanges() {
    String body = " {\"metadata\": {\"userId\" : 1}}\n";
    EnrichedBody enriched = enrich(Enriching.at(), body);
    assertEquals(body, text(enriched));
    assertEquals(Set.of(), enriched.merged());
    assertEquals(true, enriched.contextHeader().isEmpty());
  }

  @Test
  void userInfoHasAFixedOrder() {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("team", "t");
    members.put("email", "e@example.com");
    members.put("name", "n");
    members.put("id", "i");
    assertEquals(
        "{\"metadata\":{\"userId\":\"s\",\"userInfo\":{\"id\":\"i\",\"name\":\"n\","
            + "\"email\":\"e@example.com\",\"team\":\"t\"}}}",
        enrichedFor(TestCaller.of("s", members)));
  }

  @Test
  void userWithoutMembersIsAnEmptyObject() {
    assertEquals(
        "{\"metadata\":{\"userId\":\"s\",\"userInfo\":{}}}",
        enrichedFor(TestCaller.of("s", Map.of())));
  }

  @Test
  void claimsCannotBreakOutOfTheirStrings() {
    assertEquals(
        "{\"metadata\":{\"userId\":\"a\\\",\\\"b\\\\\",\"userInfo\":{\"name\":\"é\\n\\uD800😀\"}}}",
        enrichedFor(TestCaller.of("a\",\"b\\", Map.of("name", "é\n\ud800😀"))));
  }

  @Test
  void operationIsTheRootsTextMember() {
    Enricher chatKit = Enriching.chatKit();
    assertEquals(
        "threads.create",
        enrich(chatKit, "{\"params\":{\"type\":\"x\"},\"t\\u0079pe\":\"threads.cre\\u0061te\"}")
            .operation()
            .orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":1}",
        "{\"type\":null}",
        "{\"type\":[\"x\"]}",
        "{\"type\":{\"type\":\"x\"}}",
        "{\"params\":{\"type\":\"x\"}}",
        "{\"metadata\":{\"type\":\"x\"}}"
      })
  void otherwiseThereIsNoOperation(String body) {
    assertEquals(true, enrich(Enriching.chatKit(), body).operation().isEmpty());
  }

  @Test
  void protocolWithoutOperationsNamesNone() {
    assertEquals(true, enrich(metadata, "{\"type\":\"x\"}").operation().isEmpty());
  }

  private String enrichedFor(Caller caller) {
    return text(metadata.enrich("{}".getBytes(StandardCharsets.UTF_8), caller, NONE, NONE));
  }
}
