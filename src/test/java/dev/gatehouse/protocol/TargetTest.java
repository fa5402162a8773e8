package dev.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @Test
  void pointerIsAPathOfNames() {
    assertEquals(
        new Target(
            List.of("params", "input", "metadata"),
            1,
            Optional.empty(),
            Target.Content.USER_AND_PAGE),
        Target.parse("/params/input/metadata", true));
  }

  @Test
  void escapesOfAPointerAreUndone() {
    assertEquals(List.of("a/b", "c~d", "~1"), Target.parse("/a~1b/c~0d/~01", true).path());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "metadata", "metadata/x", "#/metadata"})
  void whatDoesNotStartAtTheRootIsNoPointer(String text) {
    assertThrows(IllegalArgumentException.class, () -> Target.parse(text, true));
  }
}
