package dev.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.HeaderPattern;
import dev.gatehouse.config.ProtocolName;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class AiSdkTest {
  private final Protocol aiSdk = Protocols.of(ProtocolName.AI_SDK);

  @Test
  void nameLeadsToIt() {
    assertInstanceOf(AiSdk.class, aiSdk);
    assertTrue(aiSdk.readsBody());
  }

  @Test
  void contextGoesIntoTheBodyItself() {
    assertEquals(List.of(Target.ROOT), aiSdk.targets());
  }

  @Test
  void headerThatNamesTheStreamCrosses() {
    assertEquals(List.of(new HeaderPattern("x-vercel-ai-ui-message-stream")), aiSdk.headers());
  }

  @Test
  void doneIsTheLastEventAndNoOtherIs() {
    Predicate<String> isLast = aiSdk.lastEvent().orElseThrow();
    assertTrue(isLast.test("[DONE]"));
    assertFalse(isLast.test("{\"type\":\"finish\"}"));
    assertFalse(isLast.test("{\"type\":\"text-delta\",\"delta\":\"[DONE]\"}"));
  }
}
