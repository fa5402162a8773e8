package dev.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {

  @Test
  void membersNearTheRootAreThere() {
    assertEquals(
        Map.of("a", "{", "a/b", "{", "a/b/c", "true", "d", "[", "e", "1.50", "f", "x", "g", "null"),
        JsonText.outline(
            "{\"a\":{\"b\":{\"c\":true}},\"d\":[{\"type\":\"no\"}],\"e\":1.50,\"f\":\"x\",\"g\":null}"));
  }

  @Test
  void whatLiesDeepIsLeftOut() {
    assertEquals(
        Map.of("a", "{", "a/b", "{", "a/b/c", "{", "a/b/c/d", "{", "z", "1"),
        JsonText.outline("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}},\"z\":1}"));
  }

  @Test
  void textThatBreaksOffGivesItsBeginning() {
    assertEquals(
        Map.of("type", "done", "response", "{", "response/id", "r"),
        JsonText.outline("{\"type\":\"done\",\"response\":{\"id\":\"r\",\"output\":\"never en"));
  }

  @Test
  void otherTextsGiveNothing() {
    for (String text : new String[] {"", "[DONE]", "[{\"a\":1}]", "\"a\"", "{", "nonsense", "}"}) {
      assertEquals(Map.of(), JsonText.outline(text), text);
    }
  }
}
