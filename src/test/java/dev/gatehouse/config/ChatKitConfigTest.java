package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatKitConfigTest {

  private static Optional<String> key(String top) {
    return Refusals.accept(Refusals.file(top, "", "")).chatkit().domainKey();
  }

  @Test
  void keyIsReadAndAnEmptyOneIsNone() {
    assertEquals(Optional.of("domain_pk_a-1"), key("chatkit: {domain-key: domain_pk_a-1}"));
    assertEquals(Optional.empty(), key("chatkit: {domain-key: ''}"));
    assertEquals(Optional.empty(), key(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "<script>", "a;b", "\u00e4"})
  void otherTextsAreNoKeys(String text) {
    Refusals.assertRefused(
        "chatkit: {domain-key: \"" + text + "\"}", "chatkit.domain-key", "must be the domain key");
  }
}
