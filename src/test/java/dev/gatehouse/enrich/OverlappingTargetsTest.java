package dev.gatehouse.enrich;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class OverlappingTargetsTest {

  @Test
  void targetInsideAnotherIsTurnedAway() {
    assertThrows(IllegalArgumentException.class, () -> Enriching.at("/a", "/a/b"));
    assertThrows(IllegalArgumentException.class, () -> Enriching.at("/a/b/c", "/x", "/a"));
    assertThrows(IllegalArgumentException.class, () -> Enriching.at("/a", "/a/userInfo"));
  }

  @Test
  void targetNamedTwiceIsTurnedAway() {
    assertThrows(IllegalArgumentException.class, () -> Enriching.at("/a/b", "/a/b"));
    assertThrows(IllegalArgumentException.class, () -> Enriching.at("/~01", "/~01"));
  }

  @Test
  void neighboursAreFine() {
    assertDoesNotThrow(() -> Enriching.at("/a/b", "/a/c", "/b", "/ab"));
  }
}
